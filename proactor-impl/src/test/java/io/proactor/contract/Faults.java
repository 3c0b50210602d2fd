package io.proactor.contract;

import java.io.IOException;

/**
 * What the fault decorator of a processor asks before each call to the system that it passes on.
 * The methods are called by threads of the processor, and inject nothing unless overridden.
 */
public interface Faults {

    /** Before an accept: returns the failure that it meets instead, or null. */
    default IOException onAccept() {
        return null;
    }

    /**
     * Before a connect: returns the failure that it meets instead, or null.
     */
    default IOException onConnect() {
        return null;
    }

    /**
     * Before a read: returns how many of the wanted bytes it may move; 0 for "none at this moment".
     *
     * @throws IOException the failure that it meets instead
     */
    default int onRead(int wanted) throws IOException {
        return wanted;
    }

    /**
     * Before a write: returns how many of the wanted bytes it may move; 0 for "none at this
     * moment".
     *
     * @throws IOException the failure that it meets instead
     */
    default int onWrite(int wanted) throws IOException {
        return wanted;
    }
}
