package io.proactor.samples.chat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.Strand;
import io.proactor.StreamSocket;
import io.proactor.samples.cli.LimitedLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;

/** The chat server: puts the parts together for each client. Any thread. */
final class ChatServer {

    private static final System.Logger LOG = System.getLogger("io.proactor.samples.chat");

    private final LimitedLog gone = new LimitedLog(LOG, Level.DEBUG);
    private final Strand strand;
    private final Hall hall;
    private final ChatCounters counters = new ChatCounters();
    private final LongSupplier clock;
    private final SlowReaders slowReaders;
    private final Operator operator;
    private final long slowReaderBytes;
    private final Duration idle;

    /**
     * Makes a server.
     *
     * @param slowReaderBytes what may wait for a client before it is cut
     * @param idle how long a client may be silent; zero for ever
     */
    ChatServer(Proactor proactor, long slowReaderBytes, Duration idle) {
        this.slowReaderBytes = slowReaderBytes;
        clock = proactor::nanoTime;
        slowReaders = new SlowReaders(clock);
        this.idle = idle;
        strand = proactor.newStrand();
        hall = new Hall(strand);
        operator = new Operator(hall, proactor, counters, slowReaders);
    }

    void serve(Acceptor acceptor) {
        acceptor.acceptAll(this::admit);
    }

    /** Does what the operator asks for; the answer is for people to read. */
    CompletionStage<String> ask(String line) {
        try {
            return CompletableFuture.supplyAsync(() -> operator.answer(line), strand);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture("The server has ended.");
        }
    }

    /** Returns how many clients were cut because they did not read. */
    long slowReaders() {
        return slowReaders.count();
    }

    /** Tells everyone that the server is about to stop. */
    void farewell() {
        hall.post(hall::close);
    }

    private void admit(Accepted accepted) {
        StreamSocket socket = accepted.socket();
        try {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, ChatLimits.SEND_BUFFER_BYTES);
            // Without it, a client whose machine is switched off stays for ever.
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        } catch (IOException e) {
            gone.log(() -> "A client has gone before it was let in: " + e.getMessage());
            socket.close();
            return;
        }
        Outbox outbox = new Outbox(socket, slowReaderBytes, counters, slowReaders, clock);
        new ChatSession(hall, socket, outbox, counters, idle, clock).start();
    }
}
