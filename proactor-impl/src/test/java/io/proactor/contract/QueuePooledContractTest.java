package io.proactor.contract;

/** The contract on {@code queue}, with the pooled dispatcher. */
final class QueuePooledContractTest extends ProcessorContract {
    QueuePooledContractTest() {
        super("queue", Dispatch.POOLED);
    }
}
