package io.proactor.engine.event;

import io.proactor.operation.OperationOwner;
import io.proactor.operation.OperationTable;
import io.proactor.operation.WriteOperation;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * A bounded free list of write operations, so that a write allocates nothing in the steady state.
 *
 * <p>A loop whose handlers run on its own thread initiates its writes and retires them. It has a
 * stack of its own, so that the operation that it gave back last, which the cache still holds, is
 * the next one, and nothing is exchanged with anybody.
 *
 * <p>Threads: any; a write may be initiated on one thread and retired on another.
 */
public final class WriteOperationPool {

    /** What others keep at most: 400 KB. Beyond it, each write takes the table's lock twice. */
    private static final int KEPT_MAX = 4_096;

    /** What the loop keeps at most for itself: what it retires in a turn at which much is ready. */
    private static final int OWN_MAX = 256;

    private final MessagePassingQueue<WriteOperation> free =
            new MpmcVarHandleArrayQueue<>(KEPT_MAX);
    private final OperationTable table;

    private @Nullable Thread loop;  // set before the loop starts

    // The first ownCount ones are the stack. The loop's.
    private final @Nullable WriteOperation[] own = new @Nullable WriteOperation[OWN_MAX];
    private int ownCount;

    /** Makes an empty pool of operations with slots in {@code table}. */
    public WriteOperationPool(OperationTable table) {
        this.table = table;
    }

    /** Before the loop starts. */
    public void belongTo(Thread loop) {
        this.loop = loop;
    }

    /** Returns an IDLE operation; its owner is yet to be set. */
    public WriteOperation borrow(OperationOwner owner) {
        WriteOperation operation = null;
        if (Thread.currentThread() == loop && ownCount > 0) {
            operation = own[--ownCount];
            own[ownCount] = null;
        }
        if (operation == null) {
            operation = free.relaxedPoll();
        }
        return operation != null ? operation : new WriteOperation(owner, table);
    }

    /** Takes an IDLE operation back. */
    public void giveBack(WriteOperation operation) {
        operation.adopt(null);  // so that the pool keeps no closed connection alive
        if (Thread.currentThread() == loop && ownCount < OWN_MAX) {
            own[ownCount++] = operation;
        } else if (!free.relaxedOffer(operation)) {
            table.unregister(operation);
        }
    }
}
