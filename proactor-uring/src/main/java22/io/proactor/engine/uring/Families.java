package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Which family of sockets an address needs. */
final class Families {

    private Families() {}

    static int of(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ? SocketFlags.AF_INET6
                : SocketFlags.AF_INET;
    }

    /**
     * As {@link #of}, but the IPv4 wildcard means every address of this machine, so it takes a
     * socket for both where there is IPv6: as the JDK's channels do.
     */
    static int ofListener(InetSocketAddress local) {
        return local.getAddress().isAnyLocalAddress() && Ipv6.AVAILABLE ? SocketFlags.AF_INET6
                : of(local);
    }

    /** Returns the family of a socket that connects to anything. */
    static int ofAnything() {
        return Ipv6.AVAILABLE ? SocketFlags.AF_INET6 : SocketFlags.AF_INET;
    }

    /** Found out once, by the first who needs it. */
    private static final class Ipv6 {
        static final boolean AVAILABLE = available();

        private static boolean available() {
            int fd = SystemCalls.streamSocket(SocketFlags.AF_INET6);
            if (fd < 0) {
                return false;
            }
            SystemCalls.close(fd);
            return true;
        }
    }
}
