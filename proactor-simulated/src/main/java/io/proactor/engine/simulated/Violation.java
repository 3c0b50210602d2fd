package io.proactor.engine.simulated;

/** Something happened that must not: the run has failed. */
public final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    /** Says what, in a sentence. */
    public Violation(String message) {
        super(message);
    }

    /** Says what, in a sentence, and what it comes of. */
    public Violation(String message, Throwable cause) {
        super(message, cause);
    }
}
