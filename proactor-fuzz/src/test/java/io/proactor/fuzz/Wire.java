package io.proactor.fuzz;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * A connected socket whose peer is the fuzzer: what comes, in what pieces, and whether the peer
 * reads. One thread runs everything, so the same bytes always lead to the same run.
 */
public final class Wire {

    /** A turn moves a byte, uses up a choice or calls a handler; inputs have some thousand. */
    private static final int TURNS_MAX = 200_000;

    /** So small that the fuzzer reaches the bound, and more than the chat's own. */
    private static final int QUEUE_BYTES = 8_192;
    private static final int WRITES_MAX = 1 << 16;

    private static final Proactor PROACTOR = open();
    private static final MemoryProcessor PROCESSOR = MemoryProcessor.opened();

    private final MemoryStream stream;

    private Wire(MemoryStream stream) {
        this.stream = stream;
    }

    private static Proactor open() {
        try {
            return Proactor.open(ProactorOptions.defaults().withProcessor(MemoryProvider.NAME)
                    .withWriteQueue(QUEUE_BYTES, WRITES_MAX));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins a run: what earlier ones left is forgotten. */
    public static void begin() {
        PROCESSOR.reset();
    }

    /** Returns the proactor of all wires, for strands. */
    public static Proactor proactor() {
        return PROACTOR;
    }

    /** Connects a socket to a peer that sends {@code bytes} and then ends the stream. */
    public static Wire of(byte[] bytes, Choices pieces) {
        return of(bytes, pieces, false);
    }

    /** As {@link #of(byte[], Choices)}, and the peer may cut the connection at the end. */
    public static Wire of(byte[] bytes, Choices pieces, boolean reset) {
        PROACTOR.newSocket();
        Wire wire = new Wire(PROCESSOR.latest());
        wire.stream.script(bytes, pieces, reset);
        return wire;
    }

    /** Returns this end. */
    public StreamSocket socket() {
        return (StreamSocket) Objects.requireNonNull(stream.session());
    }

    /** Makes the peer stop reading, or go on. */
    public void takesNothing(boolean nothing) {
        stream.takesNothing(nothing);
    }

    /** Returns how many bytes reads have taken from the stream. */
    public int taken() {
        return stream.taken();
    }

    /** Returns how many bytes were read ahead of the reads. */
    public int carried() {
        return stream.carried();
    }

    /** Returns what was sent to the peer. */
    public byte[] sent() {
        return stream.sent();
    }

    /** Takes a number of turns. */
    public static void turns(int count) {
        for (int i = 0; i < count; i++) {
            PROCESSOR.turn();
        }
    }

    /**
     * Runs until there is nothing more to do.
     *
     * @throws AssertionError if that never comes: somebody makes no progress
     */
    public static void run() {
        for (int i = 0; i < TURNS_MAX; i++) {
            if (!PROCESSOR.turn()) {
                return;
            }
        }
        throw new AssertionError("no end after " + TURNS_MAX + " turns");
    }
}
