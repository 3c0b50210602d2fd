package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.RingFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a test sees of the rings of one proactor, and how it holds completions back. Any thread;
 * the rings themselves are {@link WatchedRing}s.
 */
final class RingWatch {

    /** None of the kernel's error numbers is as high. */
    private static final int ERRNO_MAX = 4_096;

    final AtomicInteger opened = new AtomicInteger();       // rings
    final AtomicInteger requests = new AtomicInteger();     // in flight now, in all rings
    final AtomicInteger quiet = new AtomicInteger();        // requests that ended without a word
    final AtomicInteger leftAtClose = new AtomicInteger();  // requests in flight in closed rings
    final AtomicInteger unexpected = new AtomicInteger();   // completions of no request in flight
    final AtomicInteger held = new AtomicInteger();         // completions that are held back now
    final AtomicInteger enters = new AtomicInteger();       // that were begun
    final AtomicInteger overflows = new AtomicInteger();    // enters that left the ring overflowed
    final AtomicInteger full = new AtomicInteger();         // questions for room, of which none was
    final AtomicInteger receives = new AtomicInteger();     // that were submitted, of all kinds
    final AtomicInteger streams = new AtomicInteger();      // those of them that go on
    final AtomicInteger sends = new AtomicInteger();        // that were submitted, of all kinds
    final AtomicInteger pauses = new AtomicInteger();       // polls for room, and what does nothing
    final AtomicLong received = new AtomicLong();           // bytes of all receives
    private final AtomicIntegerArray errors = new AtomicIntegerArray(ERRNO_MAX);

    // True exactly if the rings are to behave like those of a kernel before Linux 6.17.
    volatile boolean refusesLimits;

    // The kind of submission whose completions are held back; 0 for none, which is no operation.
    private volatile int holding;

    private final AtomicBoolean losing = new AtomicBoolean();

    /** Returns a factory whose rings are those of another one, and are watched. */
    RingFactory around(RingFactory factory) {
        return (submissions, completions, flags) -> {
            Ring ring = factory.open(submissions, completions, flags);
            opened.incrementAndGet();
            return new WatchedRing(ring, this);
        };
    }

    /** From about now on, holds the completions of such submissions back. */
    void hold(int opcode) {
        holding = opcode;
    }

    /** Lets go what was held back, and holds nothing more. */
    void release() {
        holding = 0;
    }

    boolean holds(int opcode) {
        return holding != 0 && holding == opcode;
    }

    boolean holding() {
        return holding != 0;
    }

    /** The next enter tells that a completion was lost. */
    void lose() {
        losing.set(true);
    }

    /** Returns true to the one ring that is to be lost. */
    boolean takeLoss() {
        return losing.get() && losing.compareAndSet(true, false);
    }

    void failed(int errno) {
        errors.incrementAndGet(errno);
    }

    /** Returns how many completions had this error. */
    int errors(int errno) {
        return errors.get(errno);
    }

    @Override
    public String toString() {
        return "RingWatch[opened " + opened + ", requests " + requests + ", left at close "
                + leftAtClose + ", unexpected " + unexpected + ", held " + held + "]";
    }
}
