package io.proactor.engine.uring.ffm;

/**
 * Opens rings. The engine takes {@link KernelRing#open}; tests put a ring with faults in its place.
 */
@FunctionalInterface
public interface RingFactory {

    /**
     * Sets up a ring that is still disabled: until {@link Ring#enable} any one thread may register
     * with it, and nothing may be submitted.
     *
     * @param setupFlags {@link SetupFlags}, as the probe found them accepted
     * @throws SystemCallException if the kernel refuses
     */
    Ring open(int submissionEntries, int completionEntries, int setupFlags)
            throws SystemCallException;
}
