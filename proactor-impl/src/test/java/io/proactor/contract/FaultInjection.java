package io.proactor.contract;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.io.IOException;

/**
 * Opens a proactor whose processor reaches the system through a decorator of its own seam. Each
 * engine's tests offer such a processor under the engine's name with {@link #SUFFIX}; it takes the
 * faults from here when it is opened.
 */
public final class FaultInjection {

    /** What the name of a processor ends with whose calls meet faults. */
    public static final String SUFFIX = "-with-faults";

    // Set while a proactor is opened; a processor is opened by the thread that opens the proactor.
    private static final ThreadLocal<Faults> OPENING = new ThreadLocal<>();

    private FaultInjection() {}

    /** Opens a proactor whose calls meet faults. */
    public static Proactor open(ProactorOptions options, Faults faults) throws IOException {
        OPENING.set(faults);
        try {
            return Proactor.open(options.withProcessor(options.processor() + SUFFIX));
        } finally {
            OPENING.remove();
        }
    }

    /** For the processor that is being opened: the faults that its calls are to meet. */
    public static Faults opening() throws IOException {
        Faults faults = OPENING.get();
        if (faults == null) {
            throw new IOException("This processor is for tests that inject faults.");
        }
        return faults;
    }
}
