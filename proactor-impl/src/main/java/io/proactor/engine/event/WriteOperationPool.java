package io.proactor.engine.event;

import io.proactor.operation.OperationOwner;
import io.proactor.operation.OperationTable;
import io.proactor.operation.WriteOperation;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * A bounded free list of write operations, so that a write allocates nothing in the steady state.
 *
 * <p>Threads: any; a write may be initiated on one thread and retired on another.
 */
public final class WriteOperationPool {

    /** What a loop keeps at most: 400 KB. Beyond it, each write takes the table's lock twice. */
    private static final int KEPT_MAX = 4_096;

    private final MessagePassingQueue<WriteOperation> free =
            new MpmcVarHandleArrayQueue<>(KEPT_MAX);
    private final OperationTable table;

    /** Makes an empty pool of operations with slots in {@code table}. */
    public WriteOperationPool(OperationTable table) {
        this.table = table;
    }

    /** Returns an IDLE operation; its owner is yet to be set. */
    public WriteOperation borrow(OperationOwner owner) {
        WriteOperation operation = free.relaxedPoll();
        return operation != null ? operation : new WriteOperation(owner, table);
    }

    /** Takes an IDLE operation back. */
    public void giveBack(WriteOperation operation) {
        operation.adopt(null);  // so that the pool keeps no closed connection alive
        if (!free.relaxedOffer(operation)) {
            table.unregister(operation);
        }
    }
}
