package io.proactor.engine.nio2;

import io.proactor.spi.Admission;
import io.proactor.spi.StreamHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** So many places, and handles at rest for some of them. */
final class Places implements Admission {

    final AtomicInteger free;
    final AtomicInteger withdrawn = new AtomicInteger();
    final Queue<StreamHandle> resting = new ConcurrentLinkedQueue<>();

    Places(int count) {
        free = new AtomicInteger(count);
    }

    @Override
    public boolean admit() {
        return free.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    @Override
    public @Nullable StreamHandle recycled() {
        return resting.poll();
    }

    @Override
    public void unused(StreamHandle handle) {
        resting.add(handle);
    }

    @Override
    public void taken() {
        // Places that are reserved and that are taken are not told apart here.
    }

    @Override
    public void withdraw() {
        free.incrementAndGet();
        withdrawn.incrementAndGet();
    }
}
