package io.proactor.samples.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/**
 * The operator's keyboard. It has a thread of its own, which is the only one that waits for a key
 * or for a screen that does not take more; the server waits for neither. When the keyboard ends, or
 * is {@code /dev/null}, the server goes on without an operator.
 */
final class OperatorConsole implements Runnable {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples.chat");

    private final InputStream in;
    private final PrintStream out;
    private final ChatServer server;
    private final Runnable stop;

    OperatorConsole(InputStream in, PrintStream out, ChatServer server, Runnable stop) {
        this.in = in;
        this.out = out;
        this.server = server;
        this.stop = stop;
    }

    /** Starts the thread: a daemon, because nothing but the end of the program ends its read. */
    void start() {
        Thread thread = new Thread(this, "operator");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            // Not closed, since it is the program's.
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.strip().equalsIgnoreCase("/shutdown")) {
                    stop.run();
                } else if (!line.isBlank()) {
                    out.println(server.ask(line).toCompletableFuture().join());
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The operator's keyboard is gone: " + e.getMessage());
        }
    }
}
