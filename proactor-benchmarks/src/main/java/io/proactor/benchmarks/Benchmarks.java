package io.proactor.benchmarks;

import io.proactor.benchmarks.compare.CompareCommand;
import io.proactor.benchmarks.compare.StylesCommand;
import io.proactor.benchmarks.inside.InsideCommand;
import io.proactor.benchmarks.report.ReportCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** The main class of the benchmarks. */
@Command(name = "proactor-benchmarks", mixinStandardHelpOptions = true,
        version = "proactor-benchmarks 0.1.0", synopsisSubcommandLabel = "COMMAND",
        description = "What the Proactor library costs, beside its peers.",
        subcommands = {CompareCommand.class, ReportCommand.class,
            StylesCommand.class, InsideCommand.class, HelpCommand.class})
public final class Benchmarks implements Callable<Integer> {

    /** Runs a command, and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }

    /** Without a command, there is nothing better to do than to show the commands. */
    @Override
    public Integer call() {
        new CommandLine(new Benchmarks()).usage(System.err);
        return ExitCode.USAGE;
    }
}
