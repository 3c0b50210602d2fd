package io.proactor;

/**
 * What a proactor has done so far. When nothing is in flight,
 * issued = completed + failed + cancelled + timed out. An operation that is made of several, such
 * as the read of a frame or the connect to a host, is counted by its parts; timers are among them.
 *
 * @param issued operations that were accepted
 * @param completed of them, those that ended with {@code completed}
 * @param failed those that ended with {@code failed}, but for the next two
 * @param cancelled those that the application cancelled
 * @param timedOut those whose own timeout elapsed
 */
public record ProactorStatistics(long issued, long completed, long failed, long cancelled,
        long timedOut) {

    /** Returns the number of operations whose handler has not been called yet. */
    public long outstanding() {
        return issued - completed - failed - cancelled - timedOut;
    }
}
