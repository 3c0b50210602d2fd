package io.proactor.engine.simulated;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A listening socket, as the kernel has it. */
final class Listener extends OpenFile {

    private static final int BACKLOG = 128;  // of who asks for 0: somaxconn was that for long

    private final Kernel kernel;
    private final InetSocketAddress local;
    private final int backlogMax;
    private final ArrayDeque<Endpoint> backlog = new ArrayDeque<>();

    Listener(Kernel kernel, InetSocketAddress local, int backlog) {
        this.kernel = kernel;
        this.local = local;
        backlogMax = backlog > 0 ? backlog : BACKLOG;
    }

    InetSocketAddress local() {
        return local;
    }

    boolean full() {
        return backlog.size() >= backlogMax;
    }

    void offer(Endpoint connection) {
        backlog.add(connection);
        changed();
    }

    @Nullable Endpoint poll() {
        return backlog.poll();
    }

    @Override
    boolean readable() {
        return !backlog.isEmpty();
    }

    @Override
    boolean writable() {
        return false;
    }

    @Override
    void onRelease() {
        kernel.unlisten(this);
        for (Endpoint each = backlog.poll(); each != null; each = backlog.poll()) {
            each.resetByClose();
        }
    }
}
