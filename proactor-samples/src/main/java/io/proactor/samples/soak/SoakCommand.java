package io.proactor.samples.soak;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The soak runs, each with its rule. */
@Command(name = "soak", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "RUN",
        header = "Puts a server under a load of a certain kind, and says whether it stood it.",
        description = "The server is a JVM of its own, with little memory. Each run is bounded in"
                + " time and prints a line for each rule. Linux only.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every rule held", "1:one did not", "2:the options cannot be had"},
        subcommands = {SoakIdle.class, SoakChurn.class, SoakFanOut.class, SoakOverload.class,
            SoakShutdown.class, SoakSlow.class})
public final class SoakCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();  // picocli puts in the real one

    /** For picocli. */
    public SoakCommand() {}

    /** Without a run, there is nothing better to do than to show the runs. */
    @Override
    public Integer call() {
        CommandLine.usage(spec.commandLine(), System.err);
        return ExitCode.USAGE;
    }
}
