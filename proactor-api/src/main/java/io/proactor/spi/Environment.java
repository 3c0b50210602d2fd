package io.proactor.spi;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a proactor lives in: its clock, and how a thread of the library's starts and waits. The
 * system, unless a processor brings another one, as a simulation does, in which time passes when
 * nothing else can happen and one thread does everything.
 *
 * <p>Threads: any.
 */
public interface Environment {

    /** The JDK's clock and threads. */
    Environment SYSTEM = new Environment() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void start(Thread thread) {
            thread.start();
        }

        @Override
        public void park(Object blocker) {
            LockSupport.park(blocker);
        }

        @Override
        public void parkNanos(@Nullable Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }
    };

    /** Returns the time in nanoseconds, of which only differences have a meaning. */
    long nanoTime();

    /** Has a thread's body run beside the handlers. To be called once for each thread. */
    void start(Thread thread);

    /**
     * Waits until {@link LockSupport#unpark} is called for the current thread, or for no reason at
     * all. To be called by a thread that runs no handler, in a loop that looks at what it waits
     * for.
     */
    void park(Object blocker);

    /** As {@link #park}, for {@code nanos} at most. */
    void parkNanos(@Nullable Object blocker, long nanos);
}
