package io.proactor.engine.uring;

import io.proactor.contract.Dispatch;
import io.proactor.contract.ProcessorContract;

/** The contract on {@code uring}, with the loop dispatcher. */
@EnabledIfAvailable
final class UringLoopContractTest extends ProcessorContract {
    UringLoopContractTest() {
        super("uring", Dispatch.LOOP);
    }
}
