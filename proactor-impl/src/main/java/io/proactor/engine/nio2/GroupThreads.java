package io.proactor.engine.nio2;

import io.proactor.spi.ProcessorContext;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the group. They are made before the JDK asks for them: if the application's
 * factory makes too few, the JDK throws with some of them started, and leaves no group that could
 * be ended (sun.nio.ch.AsynchronousChannelGroupImpl.startThreads).
 *
 * <p>Threads: any.
 */
final class GroupThreads implements ThreadFactory {

    /** A thread that is made, and what it is to run. */
    private final class Slot implements Runnable {
        private @Nullable Thread thread;
        private @Nullable Runnable body;  // published by the start of the thread

        @Override
        public void run() {
            assert body != null;
            Thread self = Thread.currentThread();
            running.add(self);
            try {
                body.run();
            } finally {
                running.remove(self);
            }
        }
    }

    private final ProcessorContext context;
    private final ArrayDeque<Slot> made = new ArrayDeque<>();  // guarded by this; none is started

    // Each is added and removed by itself. Bound: the JDK's, which is one for each loop.
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    /** Makes a thread for each loop, and starts none. */
    GroupThreads(ProcessorContext context) {
        this.context = context;
        for (int i = 0; i < context.loops(); i++) {
            made.add(newSlot());
        }
    }

    private Slot newSlot() {
        Slot slot = new Slot();
        slot.thread = context.newThread("nio2", slot);
        return slot;
    }

    /** True if the caller is a thread of the group. */
    boolean runningOnCurrentThread() {
        return running.contains(Thread.currentThread());
    }

    /** The JDK asks for one thread per loop, and for more only to replace one that died. */
    @Override
    public synchronized Thread newThread(Runnable body) {
        Slot slot = made.poll();
        if (slot == null) {
            slot = newSlot();
        }
        assert slot.thread != null;
        slot.body = body;
        return slot.thread;
    }
}
