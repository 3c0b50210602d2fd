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

    /** Checks every component. */
    public ListenOptions {
        positive("backlog", backlog);
        positive("acceptsPosted", acceptsPosted);
        positive("connectionsMax", connectionsMax);
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

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
