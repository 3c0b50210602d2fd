package io.proactor.contract;

import io.proactor.StreamSocket;
import java.nio.ByteBuffer;

/** A connection with the library at one end and a plain socket at the other. */
final class Pair {

    private final Bench bench;
    private final StreamSocket socket;
    private final Peer peer;

    Pair(Bench bench, StreamSocket socket, Peer peer) {
        this.bench = bench;
        this.socket = socket;
        this.peer = peer;
    }

    /** Returns the library's end. */
    StreamSocket socket() {
        return socket;
    }

    /** Returns the other end. */
    Peer peer() {
        return peer;
    }

    /** Initiates a read of some bytes. */
    Recorder<Integer> read(ByteBuffer target) {
        Recorder<Integer> read = bench.recorder();
        socket.read(target, null, read);
        return read;
    }

    /** Initiates a write. */
    Recorder<Integer> write(ByteBuffer source) {
        Recorder<Integer> write = bench.recorder();
        socket.write(source, null, write);
        return write;
    }

    /** Reads exactly so many bytes at the library's end, and waits for them. */
    String readText(int count) throws InterruptedException {
        return new String(readBytes(count), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Reads exactly so many bytes at the library's end, and waits for them. */
    byte[] readBytes(int count) throws InterruptedException {
        ByteBuffer target = ByteBuffer.allocate(count);
        Recorder<Integer> read = bench.recorder();
        socket.readExactly(target, null, read);
        read.value();
        return Bytes.array(target);
    }

    /**
     * Sends a byte either way, twice. What this end had been sent before is then performed, as far
     * as one loop can perform it: the second time round is a later turn of the loop.
     */
    void roundTrips() throws Exception {
        for (int i = 0; i < 2; i++) {
            peer.send("?");
            readText(1);
            write(Bytes.of("!")).value();
            peer.receive(1);
        }
    }
}
