package io.proactor.contract;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.io.IOException;

/** Opens a proactor whose processor reaches the system through a decorator that injects faults. */
@FunctionalInterface
public interface FaultyProcessors {

    /** Opens it. The options name the processor that is decorated. */
    Proactor open(ProactorOptions options, Faults faults) throws IOException;
}
