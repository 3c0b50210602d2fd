package io.proactor.engine.uring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class, with the reason, where the processor {@code uring} does not run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(EnabledIfAvailable.Condition.class)
@interface EnabledIfAvailable {

    /** Asks the processor's own probe. */
    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String refusal = Availability.get().refusal();
            return refusal == null ? ConditionEvaluationResult.enabled("uring runs here")
                    : ConditionEvaluationResult.disabled("uring does not run here: " + refusal);
        }
    }
}
