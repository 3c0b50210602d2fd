package io.proactor;

import org.jspecify.annotations.Nullable;

/**
 * How an acceptor listens. Start from {@link #defaults()}.
 *
 * @param backlog how many connections the system keeps until they are accepted
 * @param acceptsPosted how many accepts {@code acceptAll} keeps posted in advance; more help to
 *     take a burst in one go
 * @param connectionsMax how many connections of this acceptor may be open at a time. Further ones
 *     wait in the backlog
 * @param pool the pool whose slots the connections take, shared with other acceptors; null for a
 *     pool of its own with {@code connectionsMax} slots
 */
public record ListenOptions(int backlog, int acceptsPosted, int connectionsMax,
        @Nullable SocketPool pool) {

    private static final int BACKLOG_MAX = 65_535;         // what listen(2) took in 16 bits
    private static final int ACCEPTS_MAX = 65_536;         // an operation each, about 100 bytes
    private static final int CONNECTIONS_MAX = 5_000_000;  // three operations each, of 2^24

    /** Checks every component. */
    public ListenOptions {
        between("backlog", backlog, BACKLOG_MAX);
        between("acceptsPosted", acceptsPosted, ACCEPTS_MAX);
        between("connectionsMax", connectionsMax, CONNECTIONS_MAX);
    }

    /**
     * Returns a backlog of 1,024 (the system may have a lower limit), 16 accepts posted, and 16,384
     * connections: what fits, with room for other files, where a process may open 20,000.
     */
    public static ListenOptions defaults() {
        return new ListenOptions(1_024, 16, 16_384, null);
    }

    /** Returns these options with another backlog. */
    public ListenOptions withBacklog(int backlog) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, pool);
    }

    /** Returns these options with another number of accepts posted in advance. */
    public ListenOptions withAcceptsPosted(int acceptsPosted) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, pool);
    }

    /** Returns these options with another limit of open connections. */
    public ListenOptions withConnectionsMax(int connectionsMax) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, pool);
    }

    /** Returns these options with a pool. */
    public ListenOptions withPool(SocketPool pool) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, pool);
    }

    private static void between(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between 1 and " + max + ", not " + value);
        }
    }
}
