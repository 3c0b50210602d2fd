package io.proactor.engine.uring.ffm;

import java.io.IOException;

/** A system call was refused. Translated to the library's failures by the engine, in one table. */
public final class SystemCallException extends IOException {

    private static final long serialVersionUID = 1;

    private final String call;
    private final int errno;

    /**
     * @param call the name of the system call
     * @param errno positive
     */
    public SystemCallException(String call, int errno) {
        super(call + " failed with " + Errno.describe(errno));
        assert errno > 0 : errno;
        this.call = call;
        this.errno = errno;
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
