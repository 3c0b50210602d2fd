package io.proactor.engine.event;

import io.proactor.operation.AsynchronousOperation;
import org.jspecify.annotations.Nullable;

/** Whom a {@link TimingWheel} tells. */
public interface Timed {

    /**
     * A deadline has come that was not disarmed. The wheel's owner.
     *
     * @param operation what it was armed for, perhaps in a later life by now; null if for no
     *     operation
     * @param id the life that it was armed for
     */
    void onDeadline(@Nullable AsynchronousOperation operation, long id);
}
