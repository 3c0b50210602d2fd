package io.proactor.contract;

/** The contract on {@code nio2}, with the pooled dispatcher. */
final class Nio2PooledContractTest extends ProcessorContract {
    Nio2PooledContractTest() {
        super("nio2", Dispatch.POOLED);
    }
}
