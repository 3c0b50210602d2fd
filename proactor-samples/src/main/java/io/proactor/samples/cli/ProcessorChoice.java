package io.proactor.samples.cli;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The options that say which processor performs the operations. */
public final class ProcessorChoice {

    private static final int LOOPS_MAX = 1_024;  // as ProactorOptions has it

    @Option(names = "--processor", paramLabel = "NAME",
            description = "auto, nio2, queue or uring (default: ${DEFAULT-VALUE}).")
    private String processor = System.getProperty("proactor.processor", ProactorOptions.AUTO);

    @Option(names = "--loops", paramLabel = "N",
            description = "Threads that perform operations (default: ${DEFAULT-VALUE}).")
    private int loops;

    private ProcessorChoice(int loops) {
        this.loops = loops;
    }

    /** Returns options for those who have many connections: a loop for each core, unless told. */
    public static ProcessorChoice forMany() {
        return new ProcessorChoice(Runtime.getRuntime().availableProcessors());
    }

    /** Returns options for those who have one connection: one loop, unless told. */
    public static ProcessorChoice forOne() {
        return new ProcessorChoice(1);
    }

    /** Returns the options of the library that follow from the choice. */
    public ProactorOptions options() {
        if (loops < 1 || loops > LOOPS_MAX) {
            throw new UsageException(
                    "--loops must be between 1 and " + LOOPS_MAX + ", not " + loops + ".");
        }
        return ProactorOptions.defaults().withProcessor(processor).withLoops(loops);
    }

    /**
     * Opens a proactor.
     *
     * @throws UsageException if the processor does not run here or cannot do what is asked
     */
    public static Proactor open(ProactorOptions options) {
        try {
            return Proactor.open(options);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(OneSentence.sentence(e), e);
        }
    }
}
