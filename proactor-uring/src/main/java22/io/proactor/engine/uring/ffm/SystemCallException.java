package io.proactor.engine.uring.ffm;

import java.io.IOException;

/** A system call was refused. Translated to the library's failures by the engine, in one table. */
public sealed class SystemCallException extends IOException {

    private static final long serialVersionUID = 1;

    /** One that is told as the cause of a failure. */
    private static final class Told extends SystemCallException {

        private static final long serialVersionUID = 1;

        Told(String call, int errno) {
            super(call, errno);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private final String call;
    private final int errno;

    /**
     * @param call the name of the system call
     * @param errno positive
     */
    public SystemCallException(String call, int errno) {
        this.call = call;
        this.errno = errno;
    }

    /**
     * Returns one that is not thrown where the call was made, but told as the cause of a failure;
     * without a stack, which would be that of a loop, and say nothing.
     */
    public static SystemCallException told(String call, int errno) {
        return new Told(call, errno);
    }

    /** Is put together when it is asked for: peers cause many that nobody reads. */
    @Override
    public String getMessage() {
        return call + " failed with " + Errno.describe(errno);
    }

    /** Returns the name of the system call. */
    public String call() {
        return call;
    }

    /** Returns the error number, positive. */
    public int errno() {
        return errno;
    }
}
