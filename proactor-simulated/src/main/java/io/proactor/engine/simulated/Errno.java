package io.proactor.engine.simulated;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;

/** What the kernel says, as io_uring says it: negative. The numbers and texts are Linux's. */
final class Errno {

    static final int EINTR = -4;
    static final int EAGAIN = -11;
    static final int EMFILE = -24;
    static final int EPIPE = -32;
    static final int EADDRINUSE = -98;
    static final int ENOENT = -2;
    static final int ECONNABORTED = -103;
    static final int ECONNRESET = -104;
    static final int ENOBUFS = -105;
    static final int ETIMEDOUT = -110;
    static final int ECONNREFUSED = -111;
    static final int EALREADY = -114;
    static final int ECANCELED = -125;

    private Errno() {}

    /** The exception that the JDK's channels have for it. */
    static IOException exception(int errno) {
        return switch (errno) {
            case EMFILE -> new SocketException("Too many open files");
            case EPIPE -> new IOException("Broken pipe");
            case EADDRINUSE -> new java.net.BindException("Address already in use");
            case ECONNABORTED -> new IOException("Software caused connection abort");
            case ECONNRESET -> new SocketException("Connection reset");
            case ETIMEDOUT -> new ConnectException("Connection timed out");
            case ECONNREFUSED -> new ConnectException("Connection refused");
            default -> throw new AssertionError("no call of ours fails with errno " + -errno);
        };
    }
}
