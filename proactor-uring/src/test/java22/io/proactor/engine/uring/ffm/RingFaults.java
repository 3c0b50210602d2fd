package io.proactor.engine.uring.ffm;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each {@link Fault} strikes, from a seed, and how often it has. Set up before the rings
 * are opened; then each ring draws from a generator of its own, so that the same seed gives each
 * ring the same faults, however its threads run.
 */
public final class RingFaults {

    private final Map<Fault, Integer> percents = new EnumMap<>(Fault.class);
    private final SplittableRandom seeds;
    private final AtomicLongArray struck = new AtomicLongArray(Fault.values().length);

    // No fault strikes while this is true. Any thread: a test that wants to end in peace.
    private volatile boolean paused;

    public RingFaults(long seed) {
        this.seeds = new SplittableRandom(seed);
    }

    /** From now on this strikes at so many of a hundred occasions. */
    public RingFaults with(Fault fault, int percent) {
        percents.put(fault, percent);
        return this;
    }

    /** Returns a factory of rings with these faults. */
    public synchronized RingFactory factory() {
        return this::open;
    }

    private Ring open(int submissions, int completions, int setupFlags)
            throws SystemCallException {
        return around(KernelRing.open(submissions, completions, setupFlags));
    }

    /** Returns a ring with these faults around another. */
    public synchronized FaultyRing around(Ring ring) {
        return new FaultyRing(ring, this, seeds.split());
    }

    /** Any thread. No more faults from about now on. */
    public void pause() {
        paused = true;
    }

    /** Any thread. Returns how often this has struck, in all rings. */
    public long struck(Fault fault) {
        return struck.get(fault.ordinal());
    }

    boolean strikes(Fault fault, SplittableRandom random) {
        int percent = percents.getOrDefault(fault, 0);
        if (percent == 0 || paused || random.nextInt(100) >= percent) {
            return false;
        }
        struck.incrementAndGet(fault.ordinal());
        return true;
    }
}
