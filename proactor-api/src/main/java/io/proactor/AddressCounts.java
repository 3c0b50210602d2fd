package io.proactor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections each client address has open. Any thread.
 *
 * <p>An address of IPv6 counts with the others of its first 64 bits, which is the least that one
 * client is given (RFC 6177); one of IPv4 that is written as IPv6 counts as IPv4, because that is
 * how the JDK hands it out (InetAddress.getByAddress).
 *
 * <p>Bound: an entry for each connection that is open.
 */
final class AddressCounts {

    private static final int PREFIX_BYTES = 8;

    private final int connectionsMax;
    private final Map<Object, Integer> counts = new HashMap<>();  // guarded by this

    /**
     * @param connectionsMax how many connections an address may have; 0 for no bound
     */
    AddressCounts(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /** Counts a connection; false, and nothing is counted, if its address has all it may have. */
    boolean enter(SocketAddress remote) {
        if (connectionsMax == 0) {
            return true;
        }
        Object key = key(remote);
        synchronized (this) {
            int count = counts.getOrDefault(key, 0);
            if (count == connectionsMax) {
                return false;
            }
            counts.put(key, count + 1);
            return true;
        }
    }

    /** A connection that was counted is over. */
    void leave(SocketAddress remote) {
        if (connectionsMax != 0) {
            Object key = key(remote);
            synchronized (this) {
                counts.computeIfPresent(key, (address, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /** Returns how many addresses have a connection. */
    synchronized int addresses() {
        return counts.size();
    }

    private static Object key(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress inet)) {
            return remote;
        }
        InetAddress address = inet.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress(), 0, PREFIX_BYTES) : address;
    }
}
