package io.proactor.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A child process that is asked on its standard input and answers on its standard output, a line
 * each, and that ends when its input does. What it says on standard error goes to a file.
 *
 * <p>Threads: one. An answer that does not come in time ends the process, and with it the wait.
 */
final class Conversation implements AutoCloseable {

    private static final long END_SECONDS = 5;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Path log;
    private final Patience patience;

    /** Starts {@code command}. */
    Conversation(String name, List<String> command, Path log, Patience patience)
            throws IOException {
        this.name = name;
        this.log = log;
        this.patience = patience;
        this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        this.answers = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    long pid() {
        return process.pid();
    }

    /**
     * Asks for a line, and returns the answer.
     *
     * @throws IOException if the process has ended, or does not answer in {@code seconds}
     */
    String ask(String question, long seconds) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((question + "\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return next(seconds);
    }

    /** Returns the next line of the answers, as {@link #ask} does. */
    String next(long seconds) throws IOException {
        String answer;
        Future<?> limit = patience.limit(process, seconds);
        try {
            answer = answers.readLine();
        } finally {
            limit.cancel(false);
        }
        if (answer == null) {
            throw new IOException(name + " ended or did not answer within " + seconds
                    + " s; it may say why in " + log);
        }
        return answer;
    }

    /** Ends its input, and after some seconds the process. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // It is gone, or will be now.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
