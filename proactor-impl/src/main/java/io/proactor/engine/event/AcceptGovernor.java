package io.proactor.engine.event;

/**
 * Decides how long a listener pauses after a failed accept. No failure ends a listener: a
 * connection that went wrong by itself is passed over at once; for want of descriptors or memory,
 * and for anything unknown, the pauses grow, so that a listener that cannot accept does not spin.
 *
 * <p>Threads: the owner's.
 */
public final class AcceptGovernor {

    /** The first pause: long against an accept, short against a client's patience. */
    private static final long PAUSE_NANOS_MIN = 10_000_000;

    /** The longest pause: a listener is back within 200 ms of the end of the shortage. */
    private static final long PAUSE_NANOS_MAX = 160_000_000;

    /**
     * As many connections in a row may go wrong by themselves before it is taken for a shortage.
     */
    private static final int PASSED_OVER_MAX = 16;

    private long pauseNanos;
    private int passedOver;

    /** Makes a governor that has seen no failure. */
    public AcceptGovernor() {}

    /** A connection was accepted. */
    public void succeeded() {
        pauseNanos = 0;
        passedOver = 0;
    }

    /** An accept failed. Returns how long to pause; 0 for not at all. */
    public long failed(Throwable failure) {
        if (connectionFailure(failure) && ++passedOver < PASSED_OVER_MAX) {
            return 0;
        }
        pauseNanos = pauseNanos == 0 ? PAUSE_NANOS_MIN : Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
        return pauseNanos;
    }

    /**
     * True for a failure of the one connection and not of the listener: ECONNABORTED, EPROTO and
     * what accept(2), "Error handling", says must be treated like EAGAIN. Known by the C library's
     * text.
     */
    private static boolean connectionFailure(Throwable failure) {
        String text = failure.getMessage();
        return text != null && (text.startsWith("Software caused connection abort")
                || text.startsWith("Protocol error")
                || text.startsWith("Connection reset")
                || text.startsWith("Network is down")
                || text.startsWith("Network is unreachable")
                || text.startsWith("No route to host")
                || text.startsWith("Host is down")
                || text.startsWith("Interrupted system call"));
    }
}
