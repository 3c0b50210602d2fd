package io.proactor.engine.uring;

import io.proactor.contract.Dispatch;
import io.proactor.contract.ProcessorContract;

/** The contract on {@code uring}, with the pooled dispatcher. */
@EnabledIfAvailable
final class UringPooledContractTest extends ProcessorContract {
    UringPooledContractTest() {
        super("uring", Dispatch.POOLED);
    }
}
