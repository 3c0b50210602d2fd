package io.proactor.spi;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether one more connection may be taken from the backlog. A processor asks before it
 * takes one, so that a server at its limit leaves clients to the system instead of dropping them.
 *
 * <p>Threads: any; the caller holds no lock that a handler might want.
 */
public interface Admission {

    /** Takes the place of one more connection; false if there is none. */
    boolean admit();

    /**
     * Returns a handle that the admitted connection is to be put into: one of the same processor
     * that is not connected, and of which nothing is pending. Null for a new one. At most once for
     * each admission, and before a withdrawal only with {@link #unused}.
     */
    @Nullable StreamHandle recycled();

    /** Gives back what {@link #recycled} returned: no connection was put into it. */
    void unused(StreamHandle handle);

    /**
     * An admitted connection is there, and its place is taken. From here on it is neither waited
     * for nor withdrawn.
     */
    void taken();

    /** Gives a place back, because no connection was there to take it. */
    void withdraw();
}
