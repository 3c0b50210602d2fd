package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that runs, on the servers' core. */
final class ServerProcess implements AutoCloseable {

    private static final long START_SECONDS = 30;
    private static final long ANSWER_SECONDS = 30;
    private static final String READY = "listening ";

    private final ServerKind kind;
    private final Conversation conversation;
    private final int port;

    private ServerProcess(ServerKind kind, Conversation conversation, int port) {
        this.kind = kind;
        this.conversation = conversation;
        this.port = port;
    }

    /**
     * Starts a server and waits until it listens.
     *
     * @param options put between the java command and the main class of a JVM; else unused
     * @throws Unavailable if it is not to be had here
     */
    static ServerProcess start(ServerKind kind, Path logs, Patience patience, String... options)
            throws IOException, InterruptedException, Unavailable {
        List<String> command = new ArrayList<>(kind.command().make());
        if (kind.inspected()) {
            command.addAll(1, List.of(options));
        }
        command.addAll(0, Pinning.ofServer());
        Path log = logs.resolve(kind.name() + ".log");
        Conversation conversation = new Conversation(kind.name(), command, log, patience);
        try {
            String line = conversation.next(START_SECONDS);
            return new ServerProcess(kind, conversation,
                    Integer.parseInt(line.substring(READY.length())));
        } catch (IOException e) {
            conversation.close();
            throw new Unavailable("it did not start: " + LastWords.of(log));
        }
    }

    String name() {
        return kind.name();
    }

    boolean inspected() {
        return kind.inspected();
    }

    int port() {
        return port;
    }

    long pid() {
        return conversation.pid();
    }

    ProcessUsage usage() throws IOException {
        return ProcessUsage.of(pid());
    }

    /** Returns the bytes that its threads have allocated, or -1 if it is no JVM. */
    long allocatedBytes() throws IOException {
        return kind.inspected()
                ? Long.parseLong(conversation.ask("allocated", ANSWER_SECONDS)) : -1;
    }

    /** Returns the bytes of its live objects, and of those of this library, or -1 and -1. */
    long[] liveBytes() throws IOException {
        if (!kind.inspected()) {
            return new long[] {-1, -1};
        }
        String[] numbers = conversation.ask("live", ANSWER_SECONDS).split(" ");
        return new long[] {Long.parseLong(numbers[0]), Long.parseLong(numbers[1])};
    }

    @Override
    public void close() {
        conversation.close();
    }
}
