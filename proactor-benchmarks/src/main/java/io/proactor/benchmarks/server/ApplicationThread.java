package io.proactor.benchmarks.server;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.channels.CompletionHandler;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the application's that initiates every operation of an echo server: handlers only
 * tell it what they have got. So each completion is handed over twice, and a command with it.
 */
final class ApplicationThread implements Runnable {

    /** Looks before it sleeps; handlers that wait for the same core come in between. */
    private static final int YIELDS = 2;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    // True exactly while the thread sleeps, or is about to, and nobody has woken it.
    private final AtomicBoolean asleep = new AtomicBoolean();

    private final Thread thread = new Thread(this, "application");

    ApplicationThread start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Begins to serve a connection. */
    void begin(StreamSocket socket) {
        execute(new Session(socket)::receive);
    }

    private void execute(Runnable task) {
        tasks.add(task);
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (true) {
            Runnable task = tasks.poll();
            for (int i = 0; task == null && i < YIELDS; i++) {
                Thread.yield();
                task = tasks.poll();
            }
            if (task != null) {
                task.run();
            } else {
                sleep();
            }
        }
    }

    private void sleep() {
        asleep.set(true);
        if (tasks.isEmpty()) {
            LockSupport.park(this);
        }
        asleep.set(false);
    }

    private final class Session implements CompletionHandler<@Nullable Lease, @Nullable Void> {

        private final StreamSocket socket;
        private final Written written = new Written();

        Session(StreamSocket socket) {
            this.socket = socket;
        }

        void receive() {
            socket.receive(null, this);
        }

        @Override
        public void completed(@Nullable Lease lease, @Nullable Void none) {
            if (lease == null) {
                socket.close();
            } else {
                execute(() -> socket.write(lease, lease, written));
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            socket.close();
        }

        private final class Written implements CompletionHandler<Integer, Lease> {
            @Override
            public void completed(Integer bytes, Lease lease) {
                lease.close();
                execute(Session.this::receive);
            }

            @Override
            public void failed(Throwable cause, Lease lease) {
                lease.close();
                socket.close();
            }
        }
    }
}
