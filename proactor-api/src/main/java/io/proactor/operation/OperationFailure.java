package io.proactor.operation;

/**
 * What every failure of this library can say of itself. Implemented by exceptions, so that a
 * handler can ask any of them how much had been moved.
 */
public interface OperationFailure {

    /**
     * Returns the number of bytes that the operation had moved before it ended, in the direction of
     * the operation; 0 for an operation that moves none. Exact: no byte is lost or counted twice.
     */
    long bytesMoved();

    /** Returns the outcome under which the counters book this failure. */
    default Outcome outcome() {
        return Outcome.FAILED;
    }
}
