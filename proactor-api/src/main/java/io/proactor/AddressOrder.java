package io.proactor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** In which order the addresses of a host are tried: RFC 8305, section 4. */
final class AddressOrder {

    private AddressOrder() {}

    /**
     * Returns the addresses with their families taking turns, so that a family that does not work
     * costs one attempt and not all of its addresses. The first one stays first, and within a
     * family the resolver's order stays.
     */
    static List<InetAddress> interleaved(List<InetAddress> resolved) {
        ArrayDeque<InetAddress> same = new ArrayDeque<>();
        ArrayDeque<InetAddress> other = new ArrayDeque<>();
        for (InetAddress address : resolved) {
            boolean likeFirst =
                    address instanceof Inet6Address == resolved.get(0) instanceof Inet6Address;
            (likeFirst ? same : other).add(address);
        }
        List<InetAddress> ordered = new ArrayList<>(resolved.size());
        while (!same.isEmpty() || !other.isEmpty()) {
            if (!same.isEmpty()) {
                ordered.add(same.remove());
            }
            if (!other.isEmpty()) {
                ordered.add(other.remove());
            }
        }
        return ordered;
    }
}
