package io.proactor.engine.uring;

import io.proactor.contract.FaultInjection;
import io.proactor.contract.Faults;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.spi.AsynchronousOperationProcessor;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorProvider;
import java.io.IOException;
import java.util.Optional;

/** Offers {@code uring} with rings that meet faults, to tests that ask for it by name. */
public final class FaultyUringProvider implements ProcessorProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FaultyUringProvider() {}

    @Override
    public String name() {
        return "uring" + FaultInjection.SUFFIX;
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
        return UringProcessor.open(context, Availability.get().usable(),
                (submissions, completions, flags) -> new ContractRing(
                        KernelRing.open(submissions, completions, flags), faults));
    }
}
