package io.proactor.model;

/** Waits in a way that the checker knows to be a wait; a latch looks to it like a busy loop. */
public final class Gate {

    private boolean open;  // guarded by this

    /** Lets all pass, from now on. */
    public synchronized void open() {
        open = true;
        notifyAll();
    }

    /** Waits until it is open. */
    public synchronized void pass() {
        try {
            while (!open) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
