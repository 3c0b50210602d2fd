package io.proactor.operation;

/** A moment that a processor's clock has been asked to watch for one life of one operation. */
public interface Deadline {

    /**
     * The clock need not watch any longer. A deadline that is reached all the same hits nothing,
     * because it names the life of the operation that it was armed for.
     *
     * <p>Threads: the thread that completes the operation.
     */
    void disarm();
}
