package io.proactor.spi;

/**
 * Decides whether one more connection may be taken from the backlog. A processor asks before it
 * takes one, so that a server at its limit leaves clients to the system instead of dropping them.
 *
 * <p>Threads: any; the caller holds no lock that a handler might want.
 */
public interface Admission {

    /** Takes the place of one more connection; false if there is none. */
    boolean admit();

    /** Gives a place back, because no connection was there to take it. */
    void withdraw();
}
