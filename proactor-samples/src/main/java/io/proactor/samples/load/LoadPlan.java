package io.proactor.samples.load;

import io.proactor.samples.cli.UsageException;

/**
 * How much load is made.
 *
 * @param connections how many at a time
 * @param messageBytes the length of a message
 * @param depth how many messages of a connection may be under way
 * @param seconds how long new messages are sent
 */
public record LoadPlan(int connections, int messageBytes, int depth, int seconds) {

    /** The length of a message unless one is given: so small that the operations count. */
    static final int MESSAGE_BYTES = 64;

    private static final int CONNECTIONS_MAX = 65_536;  // there are no more ports to come from
    private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
    private static final int DEPTH_MAX = 65_536;
    private static final int SECONDS_MAX = 7 * 24 * 60 * 60;  // a week

    /** All messages that can be under way have a place in memory, which must not be all of it. */
    private static final long BYTES_UNDER_WAY_MAX = 1L << 30;

    /** Checks every component. */
    public LoadPlan {
        between("--connections", connections, CONNECTIONS_MAX);
        between("--bytes", messageBytes, MESSAGE_BYTES_MAX);
        between("--depth", depth, DEPTH_MAX);
        between("--seconds", seconds, SECONDS_MAX);
        if ((long) connections * depth * messageBytes > BYTES_UNDER_WAY_MAX) {
            throw new UsageException("--connections times --depth times --bytes must be at most "
                    + BYTES_UNDER_WAY_MAX + ", or the messages do not fit into memory.");
        }
    }

    private static void between(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new UsageException(
                    option + " must be between 1 and " + max + ", not " + value + ".");
        }
    }
}
