package io.proactor.engine.simulated;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What a handle has of the kernel: a descriptor with its addresses, perhaps one opened ahead. */
final class Link {

    static final int NONE = -1;

    private final World world;
    private int fd = NONE;
    private int ahead = NONE;  // opened for the next connect
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;  // null exactly while not connected

    Link(World world) {
        this.world = world;
    }

    int fd() {
        return fd;
    }

    @Nullable InetSocketAddress local() {
        return local;
    }

    @Nullable InetSocketAddress remote() {
        return remote;
    }

    void openAhead() throws IOException {
        if (ahead == NONE) {
            int opened = world.kernel().socket();
            if (opened < 0) {
                throw Errno.exception(opened);
            }
            ahead = opened;
        }
    }

    void discardAhead() {
        if (ahead != NONE) {
            world.kernel().close(ahead);
            ahead = NONE;
        }
    }

    /** Takes what was opened ahead, or opens one. Returns 0, or an errno. */
    int open() {
        assert fd == NONE;
        int opened = ahead != NONE ? ahead : world.kernel().socket();
        ahead = NONE;
        fd = Math.max(opened, NONE);
        return Math.min(opened, 0);
    }

    void adopt(int accepted) {
        assert fd == NONE;
        fd = accepted;
        connected();
    }

    void connected() {
        Endpoint endpoint = world.kernel().endpoint(fd);
        local = endpoint.local();
        remote = endpoint.remote();
    }

    /** Gives the descriptor up; the addresses stay those of the connection that was. */
    void close() {
        if (fd != NONE) {
            world.kernel().close(fd);
            fd = NONE;
        }
    }

    /** After {@link #close}: there was no connection. */
    void forget() {
        local = null;
        remote = null;
    }
}
