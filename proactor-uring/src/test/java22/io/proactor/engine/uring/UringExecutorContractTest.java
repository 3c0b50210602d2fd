package io.proactor.engine.uring;

import io.proactor.contract.Dispatch;
import io.proactor.contract.ProcessorContract;

/** The contract on {@code uring}, with the executor dispatcher. */
@EnabledIfAvailable
final class UringExecutorContractTest extends ProcessorContract {
    UringExecutorContractTest() {
        super("uring", Dispatch.EXECUTOR);
    }
}
