package io.proactor;

/**
 * An operation that is made of several: a frame is read in two reads, a pipe takes any number. To
 * its initiator it is one: it has one deadline, its handler is called exactly once, never inside
 * the initiating call, and it is cancelled as one.
 *
 * <p>Until its handler is called, nothing else may be initiated in the direction of the stream that
 * it reads, or writes.
 */
@FunctionalInterface
public interface ComposedOperation {

    /**
     * Cancels the operation. Any thread.
     *
     * @return true if it was pending and had not been cancelled: it ends with
     *     {@link OperationCancelledException}, or with its result if it had in fact succeeded.
     *     False otherwise; nothing changes then
     */
    boolean cancel();
}
