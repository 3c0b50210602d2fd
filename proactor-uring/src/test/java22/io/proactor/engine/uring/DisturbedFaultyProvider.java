package io.proactor.engine.uring;

import io.proactor.contract.FaultInjection;
import io.proactor.contract.Faults;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.RingFaults;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers {@link DisturbedProvider} with the contract's faults on top, which are noticed. */
public final class DisturbedFaultyProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DisturbedFaultyProvider() {}

    @Override
    public String name() {
        return DisturbedProvider.NAME + FaultInjection.SUFFIX;
    }

    @Override
    public int preference() {
        return -1;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.ofNullable(Availability.get().refusal());
    }

    @Override
    public AsynchronousOperationProcessor open(ProcessorContext context) throws IOException {
        Faults faults = FaultInjection.opening();
        RingFaults disturbances = DisturbedProvider.disturbances();
        return UringProcessor.open(context, Availability.get().usable(),
                (submissions, completions, flags) -> disturbances.around(new ContractRing(
                        KernelRing.open(submissions, completions, flags), faults)));
    }
}
