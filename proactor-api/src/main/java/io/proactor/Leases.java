package io.proactor;

import io.proactor.operation.OperationTrace;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.ReceiveBuffer;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one proactor: counts them and, where tracing is on, tells of those that were lost.
 * A lease is an object of its own each time, some 32 bytes; if it were used again, whoever kept one
 * that is over would reach another's bytes.
 *
 * <p>Threads: any.
 */
final class Leases implements ReadOperation.Leaser {

    private final ProactorListener listener;
    private final LongAdder open = new LongAdder();

    /** One thread for all proactors of the JVM that trace, and none before there is one. */
    private static final class Shared {
        static final Cleaner CLEANER = Cleaner.create();
    }

    // Not null exactly if leases are traced.
    private final @Nullable Cleaner cleaner;
    private final Map<Key, Cleaner.Cleanable> traced = new ConcurrentHashMap<>();

    Leases(ProactorListener listener, boolean tracing) {
        this.listener = listener;
        cleaner = tracing ? Shared.CLEANER : null;
    }

    @Override
    public Object lease(ReceiveBuffer buffer, long generation, @Nullable OperationTrace trace) {
        Lease lease = new Lease(buffer, generation, this);
        open.increment();
        if (cleaner != null) {
            trace(cleaner, lease, new Key(buffer, generation), trace);
        }
        return lease;
    }

    private void trace(Cleaner cleaner, Lease lease, Key key, @Nullable OperationTrace trace) {
        traced.put(key, cleaner.register(lease, () -> {
            if (traced.remove(key) != null) {
                open.decrement();
                key.buffer().forfeit(key.generation());
                ListenerRoute.tell(() -> listener.leaseLost(trace));
            }
        }));
    }

    /** A lease was closed; called once for it. */
    void closed(ReceiveBuffer buffer, long generation) {
        if (cleaner != null) {
            Cleaner.Cleanable trace = traced.remove(new Key(buffer, generation));
            if (trace == null) {
                return;  // it was taken for lost at the same moment, and is counted already
            }
            trace.clean();
        }
        open.decrement();
    }

    /** Returns the number of leases that have not been closed. */
    long open() {
        return open.sum();
    }

    /** Names a lease without keeping it. */
    private record Key(ReceiveBuffer buffer, long generation) {}
}
