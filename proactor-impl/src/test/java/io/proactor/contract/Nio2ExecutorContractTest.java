package io.proactor.contract;

/** The contract on {@code nio2}, with the executor dispatcher. */
final class Nio2ExecutorContractTest extends ProcessorContract {
    Nio2ExecutorContractTest() {
        super("nio2", Dispatch.EXECUTOR);
    }
}
