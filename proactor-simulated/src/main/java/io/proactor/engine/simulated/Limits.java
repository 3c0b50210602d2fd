package io.proactor.engine.simulated;

/**
 * What may be drawn for a run at all. A seed then decides which of it is, and how much.
 *
 * @param resets connections may be reset at any moment, by nobody's fault
 * @param refusals connects may be refused, or time out, though there is a listener
 * @param shortages of descriptors and of kernel buffers: they pass
 * @param trickles network and kernel may take and give less than they could, later than they could
 * @param stepsMax after that many steps the run has failed
 */
public record Limits(boolean resets, boolean refusals, boolean shortages, boolean trickles,
        long stepsMax) {

    /** Checks the bound. */
    public Limits {
        if (stepsMax < 1) {
            throw new IllegalArgumentException("stepsMax must be at least 1, not " + stepsMax);
        }
    }
}
