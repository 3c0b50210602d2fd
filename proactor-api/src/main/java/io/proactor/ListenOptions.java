package io.proactor;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an acceptor listens. Start from {@link #defaults()}.
 *
 * @param backlog how many connections the system keeps until they are accepted
 * @param acceptsPosted how many accepts {@code acceptAll} keeps posted in advance; more help to
 *     take a burst in one go
 * @param connectionsMax how many connections of this acceptor may be open at a time. Further ones
 *     wait in the backlog
 * @param receiveLength how many bytes a connection must bring before it is accepted, at most: with
 *     1 or more, an accept completes when the first bytes are there, and they come with it; with 0,
 *     as soon as the connection stands
 * @param firstBlockLimit how long a client may stay silent before it is closed and another takes
 *     its slot; zero for ever. Only with a receive length
 * @param validation decides on each connection before anything exists for it; null takes all
 * @param connectionsPerAddress how many connections of this acceptor one client address may have
 *     open at a time; 0 for no bound. A further one is closed as one that the validation refused.
 *     Set it where strangers connect, so that one of them cannot take all places; the first 64 bits
 *     are what counts of an address of IPv6
 * @param pool the pool whose slots the connections take, shared with other acceptors; null for a
 *     pool of its own with {@code connectionsMax} slots
 */
public record ListenOptions(int backlog, int acceptsPosted, int connectionsMax, int receiveLength,
        Duration firstBlockLimit, @Nullable AcceptValidation validation, int connectionsPerAddress,
        @Nullable SocketPool pool) {

    private static final int BACKLOG_MAX = 65_535;         // what listen(2) took in 16 bits
    private static final int ACCEPTS_MAX = 65_536;         // an operation each, about 100 bytes
    private static final int CONNECTIONS_MAX = 5_000_000;  // three operations each, of 2^24

    private static final int RECEIVE_MAX = 1 << 24;        // beyond it, no block is the first one

    /** Checks every component. */
    public ListenOptions {
        Objects.requireNonNull(firstBlockLimit, "firstBlockLimit");
        if (receiveLength < 0 || receiveLength > RECEIVE_MAX) {
            throw new IllegalArgumentException("receiveLength must be between 0 and " + RECEIVE_MAX
                    + ", not " + receiveLength);
        }
        if (firstBlockLimit.isNegative()) {
            throw new IllegalArgumentException(
                    "firstBlockLimit must not be negative: " + firstBlockLimit);
        }
        between("backlog", backlog, BACKLOG_MAX);
        between("acceptsPosted", acceptsPosted, ACCEPTS_MAX);
        between("connectionsMax", connectionsMax, CONNECTIONS_MAX);
        if (connectionsPerAddress < 0) {
            throw new IllegalArgumentException("connectionsPerAddress must not be negative: "
                    + connectionsPerAddress);
        }
    }

    /**
     * Returns a backlog of 1,024 (the system may have a lower limit), 16 accepts posted, no first
     * block (but 30 seconds for it, should one be asked for), no validation, no bound for an
     * address, and as many connections as four fifths of the descriptors that this process may
     * have, less 64: so that there is always one left for what else the application opens. Where
     * that limit cannot be known, 16,384.
     */
    public static ListenOptions defaults() {
        return new ListenOptions(1_024, 16, DescriptorLimit.connectionsMax(CONNECTIONS_MAX), 0,
                Duration.ofSeconds(30), null, 0, null);
    }

    /** Returns these options with another backlog. */
    public ListenOptions withBacklog(int backlog) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    /** Returns these options with another number of accepts posted in advance. */
    public ListenOptions withAcceptsPosted(int acceptsPosted) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    /** Returns these options with another limit of open connections. */
    public ListenOptions withConnectionsMax(int connectionsMax) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    /** Returns these options with a pool. */
    public ListenOptions withPool(SocketPool pool) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    /** Returns these options with a first block of at most so many bytes; 0 for none. */
    public ListenOptions withFirstBlock(int receiveLength, Duration limit) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength, limit,
                validation, connectionsPerAddress, pool);
    }

    /** Returns these options with a bound for each client address; 0 for none. */
    public ListenOptions withConnectionsPerAddress(int connectionsPerAddress) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    /** Returns these options with somebody who decides on each connection. */
    public ListenOptions withValidation(AcceptValidation validation) {
        return new ListenOptions(backlog, acceptsPosted, connectionsMax, receiveLength,
                firstBlockLimit, validation, connectionsPerAddress, pool);
    }

    private static void between(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between 1 and " + max + ", not " + value);
        }
    }
}
