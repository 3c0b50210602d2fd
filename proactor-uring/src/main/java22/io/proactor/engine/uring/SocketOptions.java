package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** The one table of socket options: what Java calls them, and what the kernel does. */
final class SocketOptions {

    /** How an option's value is written for the kernel. */
    private enum Form { FLAG, NUMBER, BYTES, LINGER }

    private record Entry(int level, int name, Form form) {}

    private static final Map<SocketOption<?>, Entry> TABLE = Map.ofEntries(
            entry(StandardSocketOptions.TCP_NODELAY, SocketFlags.IPPROTO_TCP,
                    SocketFlags.TCP_NODELAY, Form.FLAG),
            entry(StandardSocketOptions.SO_KEEPALIVE, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_KEEPALIVE, Form.FLAG),
            entry(StandardSocketOptions.SO_REUSEADDR, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_REUSEADDR, Form.FLAG),
            entry(StandardSocketOptions.SO_REUSEPORT, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_REUSEPORT, Form.FLAG),
            entry(StandardSocketOptions.SO_RCVBUF, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_RCVBUF, Form.BYTES),
            entry(StandardSocketOptions.SO_SNDBUF, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_SNDBUF, Form.BYTES),
            entry(StandardSocketOptions.SO_LINGER, SocketFlags.SOL_SOCKET,
                    SocketFlags.SO_LINGER, Form.LINGER),
            entry(StandardSocketOptions.IP_TOS, SocketFlags.IPPROTO_IP,
                    SocketFlags.IP_TOS, Form.NUMBER),
            entry(ExtendedSocketOptions.TCP_KEEPIDLE, SocketFlags.IPPROTO_TCP,
                    SocketFlags.TCP_KEEPIDLE, Form.NUMBER),
            entry(ExtendedSocketOptions.TCP_KEEPINTERVAL, SocketFlags.IPPROTO_TCP,
                    SocketFlags.TCP_KEEPINTVL, Form.NUMBER),
            entry(ExtendedSocketOptions.TCP_KEEPCOUNT, SocketFlags.IPPROTO_TCP,
                    SocketFlags.TCP_KEEPCNT, Form.NUMBER),
            entry(ExtendedSocketOptions.TCP_QUICKACK, SocketFlags.IPPROTO_TCP,
                    SocketFlags.TCP_QUICKACK, Form.FLAG));

    private SocketOptions() {}

    private static Map.Entry<SocketOption<?>, Entry> entry(SocketOption<?> option, int level,
            int name, Form form) {
        return Map.entry(option, new Entry(level, name, form));
    }

    static <T> void set(int fd, SocketOption<T> option, @Nullable T value)
            throws SystemCallException {
        Entry entry = entry(option);
        if (value == null) {
            throw new IllegalArgumentException("The option " + option.name() + " has no value.");
        }
        int result = switch (entry.form) {
            case FLAG -> SystemCalls.setOption(fd, entry.level, entry.name,
                    (Boolean) value ? 1 : 0);
            case NUMBER -> SystemCalls.setOption(fd, entry.level, entry.name, (Integer) value);
            case BYTES -> SystemCalls.setOption(fd, entry.level, entry.name, bytes(option, value));
            case LINGER -> SystemCalls.setLinger(fd, (Integer) value);
        };
        if (result < 0) {
            throw new SystemCallException("setsockopt(" + option.name() + ")", -result);
        }
    }

    private static int bytes(SocketOption<?> option, Object value) {
        int bytes = (Integer) value;
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "The option " + option.name() + " cannot be " + bytes + ".");
        }
        return bytes;
    }

    static <T> T get(int fd, SocketOption<T> option) throws SystemCallException {
        Entry entry = entry(option);
        Object value = switch (entry.form) {
            case FLAG -> SystemCalls.option(fd, entry.level, entry.name) != 0;
            case NUMBER -> SystemCalls.option(fd, entry.level, entry.name);
            // The kernel doubles what it is asked for, and says so: socket(7), SO_RCVBUF.
            case BYTES -> SystemCalls.option(fd, entry.level, entry.name) / 2;
            case LINGER -> SystemCalls.linger(fd);
        };
        return option.type().cast(value);
    }

    private static Entry entry(SocketOption<?> option) {
        Entry entry = TABLE.get(option);
        if (entry == null) {
            throw new UnsupportedOperationException("A socket has no option " + option + ".");
        }
        return entry;
    }
}
