package io.proactor.provider;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Makes the threads of a group, by whose names tests know them, and counts what ends them. */
final class GroupFactory implements ThreadFactory {

    static final String PREFIX = "group-under-test-";

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger uncaught = new AtomicInteger();

    @Override
    public Thread newThread(Runnable body) {
        Thread thread = new Thread(body, PREFIX + made.getAndIncrement());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, thrown) -> uncaught.incrementAndGet());
        return thread;
    }

    int made() {
        return made.get();
    }

    /** How many threads ended by an exception; waits for so many, within a bound. */
    int uncaught(int expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Ended.PATIENCE_SECONDS);
        while (uncaught.get() < expected && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return uncaught.get();
    }
}
