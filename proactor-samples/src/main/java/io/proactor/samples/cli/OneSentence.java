package io.proactor.samples.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Tells in one sentence why a command failed. Exit code 2 means that what was typed cannot be had,
 * 1 that it was tried and did not work.
 */
public final class OneSentence implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples");

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(sentence(e));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof UsageException) {
            command.getErr().println(sentence(e));
            return ExitCode.USAGE;
        }
        if (e instanceof IOException) {
            command.getErr().println(sentence(e));
        } else {
            LOG.log(Level.ERROR, "The command failed, which is a mistake in the program.", e);
        }
        return ExitCode.SOFTWARE;
    }

    /** Returns what an exception says as a sentence: on one line and with a full stop. */
    public static String sentence(Throwable e) {
        String message = e.getMessage();
        String line = message == null || message.isBlank()
                ? e.getClass().getSimpleName() : plain(message);
        String sentence = Character.toUpperCase(line.charAt(0)) + line.substring(1);
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    /** A message may quote what somebody typed, or what came from afar. */
    private static String plain(String message) {
        StringBuilder line = new StringBuilder(message.length());
        message.strip().codePoints().forEach(c -> {
            boolean blank = Character.isWhitespace(c);
            if (!blank || line.charAt(line.length() - 1) != ' ') {
                line.appendCodePoint(blank ? ' ' : c);
            }
        });
        return PlainText.escaped(line);
    }
}
