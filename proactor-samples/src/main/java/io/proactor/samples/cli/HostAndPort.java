package io.proactor.samples.cli;

import java.net.InetSocketAddress;

/**
 * A host and a port in one word, such as {@code 127.0.0.1:7009} or {@code [::1]:7009}.
 *
 * @param host a name, or an address without brackets
 * @param port 0 to 65,535
 */
public record HostAndPort(String host, int port) {

    private static final int PORT_MAX = 65_535;

    /**
     * Reads what somebody typed for {@code option}.
     *
     * @param portMin 0 where the system may choose, else 1
     */
    public static HostAndPort of(String option, String typed, int portMin) {
        int colon = typed.lastIndexOf(':');
        String host = colon < 0 ? "" : typed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";  // an address of IPv6, or half of one: nobody knows where the port begins
        }
        if (host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
            host = "";  // no name and no address has one
        }
        int port = port(typed.substring(colon + 1));
        if (host.isEmpty() || port < portMin || port > PORT_MAX) {
            throw new UsageException(option + " must be HOST:PORT or [ADDRESS]:PORT with a port"
                    + " between " + portMin + " and " + PORT_MAX + ", not '" + typed + "'.");
        }
        return new HostAndPort(host, port);
    }

    private static int port(String digits) {
        boolean number = !digits.isEmpty() && digits.length() <= 5
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(digits) : -1;
    }

    /** Returns the address to listen on. */
    public InetSocketAddress local() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UsageException("The host '" + host + "' cannot be resolved.");
        }
        return address;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
