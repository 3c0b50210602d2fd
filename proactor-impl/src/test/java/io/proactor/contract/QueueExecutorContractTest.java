package io.proactor.contract;

/** The contract on {@code queue}, with the executor dispatcher. */
final class QueueExecutorContractTest extends ProcessorContract {
    QueueExecutorContractTest() {
        super("queue", Dispatch.EXECUTOR);
    }
}
