package io.proactor.engine.simulated;

/**
 * What a seed draws before anything happens: how the processor works, and which faults there are
 * and how often (Groce, Zhang, Eide, Chen, Regehr, "Swarm Testing", ISSTA 2012: leaving some out
 * finds more than always having all). Rates are "one in so many times"; 0 is never.
 *
 * @param completes true if the loops use the kernel by completion, else by readiness
 * @param loops how many there are
 * @param pooled true if handlers run in any order, as on dispatcher threads, else in the loops'
 * @param byPriority true for the schedule by priorities, else uniform
 * @param attempts true if initiators may read and write without an operation first
 * @param windowBytes what a direction of a connection can hold
 * @param chunkBytes what arrives at once, at most
 * @param delayNanos of anything on the network, at most
 * @param clockOneIn how often time passes though something else could happen
 * @param clogOneIn deliveries after which a direction stands still for long
 * @param spuriousOneIn looks at what is not ready that say it is
 * @param wouldBlockOneIn calls that find nothing though it was said to be ready
 * @param shortOneIn calls that move fewer bytes than they could
 * @param noBuffersOneIn requests that the kernel has no memory for
 * @param cancelLosesOneIn cancels that come too late for a request that could succeed
 * @param resetOneIn deliveries in place of which the connection is reset
 * @param refuseOneIn connects that are refused though there is a listener
 * @param connectAbortOneIn connections that have gone when they are accepted
 * @param noDescriptorOneIn times that there is no descriptor
 * @param submissionsMax entries of a submission queue
 * @param completionsMax entries of a completion queue
 */
record Swarm(boolean completes, int loops, boolean pooled, boolean byPriority, boolean attempts,
        int windowBytes, int chunkBytes, long delayNanos, int clockOneIn, int clogOneIn,
        int spuriousOneIn, int wouldBlockOneIn, int shortOneIn, int noBuffersOneIn,
        int cancelLosesOneIn, int resetOneIn, int refuseOneIn, int connectAbortOneIn,
        int noDescriptorOneIn, int submissionsMax, int completionsMax) {

    static Swarm draw(Choices choices, Limits limits) {
        boolean small = limits.trickles() && choices.oneIn(2);
        return new Swarm(choices.oneIn(2), choices.upTo(3), choices.oneIn(2), choices.oneIn(2),
                choices.oneIn(2),
                small ? choices.upTo(64) : 1 << 6 + choices.below(11),
                limits.trickles() && choices.oneIn(2) ? choices.upTo(40) : 1 << 16,
                choices.oneIn(3) ? 0 : 1L << choices.below(27),
                rate(true, choices, 5), rate(limits.trickles(), choices, 20),
                rate(limits.trickles(), choices, 5), rate(limits.trickles(), choices, 5),
                rate(limits.trickles(), choices, 4), rate(limits.shortages(), choices, 10),
                rate(true, choices, 3),
                rate(limits.resets(), choices, 100), rate(limits.refusals(), choices, 10),
                rate(limits.resets(), choices, 10), rate(limits.shortages(), choices, 10),
                choices.upTo(8), choices.upTo(8));
    }

    /** Half of all seeds do without; the others have it once in 2 up to 2 × {@code about}. */
    private static int rate(boolean allowed, Choices choices, int about) {
        return choices.oneIn(2) && allowed ? 1 + choices.upTo(2 * about) : 0;
    }
}
