package io.proactor.engine.simulated;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's side of a ring. It takes entries, looks their descriptors up in that moment,
 * performs them when it comes to that, and queues results; those that find the queue full wait in
 * an overflow list (io_uring_setup(2), IORING_FEAT_NODROP).
 */
final class RingKernel {

    /** A result. */
    record Completion(long token, int result) {}

    private final World world;
    private final Runnable wakeUp;
    private final ArrayDeque<Completion> completions = new ArrayDeque<>();
    private final ArrayDeque<Completion> overflow = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();

    RingKernel(World world, Runnable wakeUp) {
        this.world = world;
        this.wakeUp = wakeUp;
    }

    void wakeUp() {
        wakeUp.run();
    }

    void consume(RingPerformer.Entry entry) {
        Request request = entry.request();
        if (request == null) {
            world.ready(new Cancel(entry.token(), entry.target()));
            return;
        }
        Running begun = new Running(entry.token(), request, world.kernel().file(request.fd));
        running.add(begun);
        if (world.choices().oneIn(2)) {
            begun.run();  // at once, as what does not have to wait is
        } else {
            world.ready(begun);
        }
    }

    @Nullable Completion reap() {
        return completions.poll();
    }

    boolean hasCompletions() {
        return !completions.isEmpty() || !overflow.isEmpty();
    }

    /** Has what waits take the room that there is. */
    void flushOverflow() {
        while (!overflow.isEmpty() && completions.size() < world.swarm().completionsMax()) {
            completions.add(overflow.remove());
        }
    }

    private void post(long token, int result) {
        if (completions.size() < world.swarm().completionsMax() && overflow.isEmpty()) {
            completions.add(new Completion(token, result));
        } else {
            overflow.add(new Completion(token, result));
        }
        wakeUp.run();
    }

    /** A request that the kernel has, and with it the buffer and the open file. */
    private final class Running extends Task {
        final long token;
        private final Request.Kind kind;
        private final OpenFile file;
        private final BufferGuard guard;
        private final @Nullable ByteBuffer buffer;
        private final int at;
        private final int length;
        private final Runnable again = () -> world.ready(this);
        private boolean over;

        Running(long token, Request request, OpenFile file) {
            super(Role.KERNEL, world);
            this.token = token;
            this.file = file;
            kind = request.kind;
            buffer = request.buffer;
            at = request.at;
            length = request.length;
            guard = new BufferGuard(request, world.choices());
            file.refer();
            file.watch(again);
        }

        @Override
        void run() {
            if (over) {
                return;
            }
            boolean ready = switch (kind) {
                case RECEIVE, READABLE -> file.readable();
                case SEND -> file.writable();
                case CONNECT -> ((Endpoint) file).connectResult() != Errno.EAGAIN;
            };
            if (ready) {
                if (kind == Request.Kind.RECEIVE
                        && world.choices().oneIn(world.swarm().noBuffersOneIn())) {
                    end(Errno.ENOBUFS);
                } else {
                    perform();
                }
            }
        }

        private void perform() {
            guard.release();
            over(Calls.perform(world, file, kind, buffer, at, length));
        }

        void end(int result) {
            guard.release();
            over(result);
        }

        private void over(int result) {
            over = true;
            running.remove(this);
            file.unwatch(again);
            file.unrefer();
            world.note(kind.name(), token, result);
            post(token, result);
        }

        /** True if the cancel comes too late for it: it succeeds. */
        boolean cancelLoses() {
            boolean ready = kind == Request.Kind.SEND ? file.writable()
                    : kind == Request.Kind.CONNECT
                    ? ((Endpoint) file).connectResult() != Errno.EAGAIN : file.readable();
            return ready && world.choices().oneIn(world.swarm().cancelLosesOneIn());
        }
    }

    /** A cancel on its way. Its own result may come before or after that of its target. */
    private final class Cancel extends Task {
        private final long token;
        private final long target;
        private boolean over;

        Cancel(long token, long target) {
            super(Role.CANCEL, world);
            this.token = token;
            this.target = target;
        }

        @Override
        void run() {
            if (over) {
                return;
            }
            over = true;
            Running found = null;
            for (Running each : running) {
                if (each.token == target) {
                    found = each;
                }
            }
            boolean first = world.choices().oneIn(2);
            boolean loses = found != null && found.cancelLoses();
            int result = found == null ? Errno.ENOENT : loses ? Errno.EALREADY : 0;
            if (first) {
                post(token, result);
            }
            if (loses) {
                found.perform();
            } else if (found != null) {
                found.end(Errno.ECANCELED);
            }
            if (!first) {
                post(token, result);
            }
        }
    }
}
