package io.proactor.engine.uring.ffm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * Internet addresses as the kernel lays them out: {@code sockaddr_in} and {@code sockaddr_in6} of
 * ip(7) and ipv6(7).
 */
public final class SocketAddresses {

    /** Room for either, and for anything else that accept(2) may want to write. */
    public static final int BYTES_MAX = 128;

    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 28;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt SCOPE = ValueLayout.JAVA_INT_UNALIGNED;
    private static final long PORT_OFFSET = 2;
    private static final long IPV4_ADDRESS = 4;
    private static final long IPV6_ADDRESS = 8;
    private static final long IPV6_SCOPE = 24;

    private SocketAddresses() {}

    /**
     * Writes an address as a socket of the given family wants it: for AF_INET6 an IPv4 address
     * becomes an IPv4-mapped one.
     *
     * @return how many bytes it takes
     * @throws IllegalArgumentException if it is unresolved, or an IPv6 address for AF_INET
     */
    public static int encode(InetSocketAddress socketAddress, int family, MemorySegment target,
            long offset) {
        InetAddress address = socketAddress.getAddress();
        if (address == null) {
            throw new IllegalArgumentException(socketAddress + " is not resolved.");
        }
        byte[] bytes = address.getAddress();
        boolean six = family == SocketFlags.AF_INET6;
        if (!six && bytes.length > Integer.BYTES) {
            throw new IllegalArgumentException(socketAddress + " is no address of IPv4.");
        }
        target.asSlice(offset, six ? IPV6_BYTES : IPV4_BYTES).fill((byte) 0);
        target.set(FAMILY, offset, (short) family);
        target.set(PORT, offset + PORT_OFFSET, (short) socketAddress.getPort());
        if (!six) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset + IPV4_ADDRESS,
                    bytes.length);
            return IPV4_BYTES;
        }
        encodeSix(address, bytes, target, offset);
        return IPV6_BYTES;
    }

    private static void encodeSix(InetAddress address, byte[] bytes, MemorySegment target,
            long offset) {
        long at = offset + IPV6_ADDRESS;
        if (address instanceof Inet6Address six) {
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, at, bytes.length);
            target.set(SCOPE, offset + IPV6_SCOPE, six.getScopeId());
        } else if (!address.isAnyLocalAddress()) {
            target.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 10, (short) 0xFFFF);
            MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, at + 12, bytes.length);
        }
        // The IPv4 wildcard becomes the IPv6 one, which on a dual-stack socket means both.
    }

    /**
     * Reads an address that the kernel wrote. An IPv4-mapped one becomes an IPv4 address.
     *
     * @throws IllegalArgumentException if it is of another family
     */
    public static InetSocketAddress decode(MemorySegment source, long offset) {
        int family = source.get(FAMILY, offset);
        int port = Short.toUnsignedInt(source.get(PORT, offset + PORT_OFFSET));
        boolean six = family == SocketFlags.AF_INET6;
        if (!six && family != SocketFlags.AF_INET) {
            throw new IllegalArgumentException("An address of family " + family + ".");
        }
        byte[] bytes = new byte[six ? 16 : Integer.BYTES];
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE,
                offset + (six ? IPV6_ADDRESS : IPV4_ADDRESS), bytes, 0, bytes.length);
        int scope = six ? source.get(SCOPE, offset + IPV6_SCOPE) : 0;
        return new InetSocketAddress(address(bytes, scope), port);
    }

    private static InetAddress address(byte[] bytes, int scope) {
        try {
            return scope == 0 ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("thrown for a wrong number of bytes only", e);
        }
    }
}
