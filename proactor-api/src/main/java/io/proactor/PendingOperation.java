package io.proactor;

import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationTable;
import io.proactor.operation.OperationTrace;
import io.proactor.spi.Handle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation that was pending when somebody looked; see {@link Proactor#dumpPending}.
 *
 * @param id of the operation
 * @param kind what it does
 * @param session the {@link StreamSocket}, {@link Acceptor} or {@link Timer} that it is of; null if
 *     the socket has not been delivered yet
 * @param age since its initiation
 * @param trace where it was initiated, and in the handler of which other operation; null unless
 *     {@link ProactorOptions#tracing} is on
 */
public record PendingOperation(long id, Kind kind, @Nullable Object session, Duration age,
        @Nullable OperationTrace trace) {

    static List<PendingOperation> of(OperationTable operations) {
        List<PendingOperation> found = new ArrayList<>();
        long now = System.nanoTime();
        operations.forEach(operation -> {
            PendingOperation pending = of(operation, now);
            if (pending != null) {
                found.add(pending);
            }
        });
        found.sort(Comparator.comparing(PendingOperation::age).reversed());
        return found;
    }

    /** Returns null if the operation is not pending, or went on to another life meanwhile. */
    private static @Nullable PendingOperation of(AsynchronousOperation operation, long now) {
        long id = operation.id();
        if (!operation.pending()) {
            return null;
        }
        Object session = operation.owner() instanceof Handle handle ? handle.session() : null;
        PendingOperation pending = new PendingOperation(id, operation.kind(), session,
                Duration.ofNanos(Math.max(0, now - operation.initiatedNanos())),
                operation.trace());
        return operation.id() == id && operation.pending() ? pending : null;
    }

    /** Cancels what is pending of one owner, the latest first. Returns how many there were. */
    static int cancelAll(OperationTable operations, Handle owner) {
        record Life(AsynchronousOperation operation, long id, long initiatedNanos) {}

        List<Life> lives = new ArrayList<>();
        operations.forEach(operation -> {
            long id = operation.id();  // read before the owner: an abort of an earlier life misses
            if (operation.owner() == owner && operation.pending()) {
                lives.add(new Life(operation, id, operation.initiatedNanos()));
            }
        });
        lives.sort((a, b) -> Long.signum(b.initiatedNanos() - a.initiatedNanos()));
        int count = 0;
        for (Life each : lives) {
            if (each.operation().abort(each.id(), AbortReason.CANCELLED)) {
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind + " #" + id + " of " + session + ", "
                + age.toMillis() + " ms old");
        if (trace != null) {
            text.append(", initiated at ").append(trace.initiator());
            OperationTrace parent = trace.parent();
            if (parent != null) {
                text.append(" in the handler of ").append(parent.kind()).append(" #")
                        .append(parent.id());
            }
        }
        return text.toString();
    }
}
