package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.util.Map;

/** Opens listening sockets. What is set on them, the accepted ones inherit: tcp(7). */
final class ListenerSockets {

    /** What the kernel cuts down to its own bound: listen(2), net.core.somaxconn. */
    private static final int BACKLOG = 4_096;

    private ListenerSockets() {}

    /**
     * Opens a socket that listens.
     *
     * @param backlog as many connections wait; 0 for as many as the kernel allows
     */
    static int open(InetSocketAddress local, int backlog) throws IOException {
        return open(local, backlog, Map.of(), true);
    }

    /**
     * @param noDelay true if connections get TCP_NODELAY
     */
    static int open(InetSocketAddress local, int backlog, Map<SocketOption<?>, Object> options,
            boolean noDelay) throws IOException {
        int family = Families.ofListener(local);
        int fd = check("socket", SystemCalls.streamSocket(family), local);
        boolean opened = false;
        try {
            check("setsockopt", SystemCalls.setOption(fd, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_REUSEADDR, 1), local);
            if (noDelay) {
                check("setsockopt", SystemCalls.setOption(fd, SocketFlags.IPPROTO_TCP,
                        SocketFlags.TCP_NODELAY, 1), local);
            }
            for (Map.Entry<SocketOption<?>, Object> option : options.entrySet()) {
                set(fd, option.getKey(), option.getValue());
            }
            if (family == SocketFlags.AF_INET6) {
                check("setsockopt", SystemCalls.setOption(fd, SocketFlags.IPPROTO_IPV6,
                        SocketFlags.IPV6_V6ONLY, 0), local);
            }
            check("bind", SystemCalls.bind(fd, family, local), local);
            check("listen", SystemCalls.listen(fd, backlog > 0 ? backlog : BACKLOG), local);
            opened = true;
            return fd;
        } finally {
            if (!opened) {
                SystemCalls.close(fd);
            }
        }
    }

    private static <T> void set(int fd, SocketOption<T> option, Object value)
            throws SystemCallException {
        SocketOptions.set(fd, option, option.type().cast(value));
    }

    private static int check(String call, int result, InetSocketAddress local)
            throws IOException {
        if (result < 0) {
            throw Errors.listen(call, -result, local);
        }
        return result;
    }
}
