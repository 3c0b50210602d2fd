package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCallException;

/**
 * The kernel does not serve a ring any more. Thrown from wherever the loop was, up to its duty
 * cycle, which is the only place to catch it.
 */
final class RingFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    RingFailure(int errno) {
        super("The ring cannot be used any more.",
                new SystemCallException("io_uring_enter", errno));
    }
}
