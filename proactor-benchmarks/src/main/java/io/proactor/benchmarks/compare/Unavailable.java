package io.proactor.benchmarks.compare;

/** A server, or a way to count, that is not to be had here; the message says why. */
public final class Unavailable extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says why, as a clause. */
    public Unavailable(String reason) {
        super(reason);
    }
}
