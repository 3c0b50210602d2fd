package io.proactor.engine.uring;

import io.proactor.contract.Dispatch;
import io.proactor.contract.ProcessorContract;

/** The contract on {@code uring}, on a kernel that is late, busy and out of order, but right. */
@EnabledIfAvailable
final class UringDisturbedContractTest extends ProcessorContract {
    UringDisturbedContractTest() {
        super(DisturbedProvider.NAME, Dispatch.LOOP);
    }
}
