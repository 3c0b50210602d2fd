package io.proactor;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** What a listener throws ends on the way back, even if it cannot be logged. */
final class ListenerRouteTest {

    /** Breaks whoever prints it. */
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError("thrown by a test");
        }
    }

    @Test
    void failureThatCannotBeLoggedIsSwallowed() {
        assertThatCode(() -> ListenerRoute.tell(() -> {
            throw new Unprintable();
        })).doesNotThrowAnyException();
    }
}
