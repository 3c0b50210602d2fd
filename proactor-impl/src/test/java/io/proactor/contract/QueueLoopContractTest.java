package io.proactor.contract;

/** The contract on {@code queue}, with the loop dispatcher. */
final class QueueLoopContractTest extends ProcessorContract {
    QueueLoopContractTest() {
        super("queue", Dispatch.LOOP);
    }
}
