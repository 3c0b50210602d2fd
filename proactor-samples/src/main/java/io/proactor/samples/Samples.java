package io.proactor.samples;

import io.proactor.samples.chat.ChatClientCommand;
import io.proactor.samples.chat.ChatServerCommand;
import io.proactor.samples.cli.OneSentence;
import io.proactor.samples.echo.EchoClientCommand;
import io.proactor.samples.echo.EchoServerCommand;
import io.proactor.samples.load.DemoCommand;
import io.proactor.samples.load.IdleCommand;
import io.proactor.samples.load.LoadCommand;
import io.proactor.samples.proxy.ProxyCommand;
import io.proactor.samples.soak.SoakCommand;
import io.proactor.samples.transfer.TransferCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;

/** The main class of the samples. */
@Command(name = "proactor-samples",
        mixinStandardHelpOptions = true,
        version = "proactor-samples 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Servers and clients written with the Proactor library.",
        subcommands = {DemoCommand.class, EchoServerCommand.class, EchoClientCommand.class,
            ChatServerCommand.class, ChatClientCommand.class, ProxyCommand.class,
            TransferCommand.class, LoadCommand.class, IdleCommand.class, SoakCommand.class,
            HelpCommand.class},
        footerHeading = "%nFor example, a server and a load on it:%n",
        footer = {
            "  java -jar proactor-samples.jar echo-server --processor queue",
            "  java -jar proactor-samples.jar load --connections 64 --seconds 5",
            "",
            "A command tells with --help what it takes. Logs go to standard error."})
public final class Samples implements Callable<Integer> {

    /** Runs a command, and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        OneSentence oneSentence = new OneSentence();
        return new CommandLine(new Samples())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(oneSentence)
                .setExecutionExceptionHandler(oneSentence);
    }

    /** Without a command, there is nothing better to do than to show the commands. */
    @Override
    public Integer call() {
        commandLine().usage(System.err);
        return ExitCode.USAGE;
    }
}
