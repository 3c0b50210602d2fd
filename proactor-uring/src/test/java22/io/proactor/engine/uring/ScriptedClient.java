package io.proactor.engine.uring;

import io.proactor.Lease;
import io.proactor.Proactor;
import io.proactor.ReadableFile;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Does what a seed says, a step at a time, and writes down what came of each. The same seed gives
 * the same steps whatever their outcomes are. Nothing races: a step waits for all that it began,
 * and operations that end by themselves do so with nothing arriving.
 *
 * <p>Where a stream may be cut anywhere, what is written down is the bytes up to a point, and not
 * how many reads they took.
 */
final class ScriptedClient implements AutoCloseable {

    private final Conversation on;
    private final ScriptedReads reads;
    private final ScriptedWrites writes;

    ScriptedClient(Proactor proactor, long seed, ReadableFile file, FileChannel channel)
            throws Exception {
        on = new Conversation(proactor, seed);
        reads = new ScriptedReads(on);
        writes = new ScriptedWrites(on, file, channel);
    }

    /** Returns the outcomes of so many steps. */
    List<String> run(int steps) throws Exception {
        for (int i = 0; i < steps; i++) {
            List<Step> possible = Step.possible(on.readable, on.writable);
            Step step = possible.get(on.random.nextInt(possible.size()));
            on.outcomes.begin(step);
            perform(step);
            on.outcomes.end();
        }
        return on.outcomes.lines();
    }

    private void perform(Step step) throws Exception {
        switch (step) {
            case READ_SOME -> on.outcomes.add(on.drain(on.send(on.count())));
            case READ_EXACTLY -> reads.readExactly();
            case READ_WITH_SURPLUS -> reads.readWithSurplus();
            case READ_UNTIL -> reads.readUntil();
            case READ_UNTIL_WITHOUT_END -> reads.readUntilWithoutEnd();
            case READ_TIMES_OUT -> reads.read(0, 3);
            case READ_TIMES_OUT_MIDWAY -> reads.read(on.count(), 10);
            case READ_CANCELLED -> reads.read(0, 0);
            case READ_CANCELLED_MIDWAY -> reads.read(on.count(), 0);
            case SECOND_READ -> reads.secondRead();
            case RECEIVE -> reads.receive(on.send(on.count()));
            case RECEIVE_CANCELLED -> {
                Call<Lease> receive = new Call<>();
                reads.cancel(on.socket.receive(on.count(), 0, TimeUnit.SECONDS, null, receive),
                        receive);
            }
            case WAIT -> reads.waitReadable();
            case WAIT_CANCELLED -> {
                Call<Void> wait = new Call<>();
                reads.cancel(on.socket.waitReadable(null, wait), wait);
            }
            case WAIT_TIMES_OUT -> {
                Call<Void> wait = new Call<>();
                on.socket.waitReadable(3, TimeUnit.MILLISECONDS, null, wait);
                on.outcomes.add(wait);
            }
            case PEER_ENDS -> reads.peerEnds(0);
            case PEER_ENDS_MIDWAY -> reads.peerEnds(on.count());
            case WRITE -> writes.write(on.count());
            case WRITE_MANY -> writes.writeMany();
            case SEND_FILE -> writes.sendFile();
            case SEND_FILE_BEYOND_ITS_END -> writes.sendFileBeyondItsEnd();
            case END_OUTPUT -> writes.endOutput();
            case ECHO -> {
                on.outcomes.add(on.drain(on.send(on.count())));
                writes.write(on.count());
            }
            case TIMER -> timer(false);
            case TIMER_CANCELLED -> timer(true);
            case PEER_RESETS -> peerResets();
            case CLOSE -> close(true);
            case CLOSE_IDLE -> close(false);
            case DISCONNECT -> disconnect(0);
            case DISCONNECT_TIMES_OUT -> disconnect(10);
            case REFUSED_CONNECT -> refusedConnect();
        }
    }

    private void timer(boolean cancelled) throws Exception {
        try (Timer timer = on.proactor().newTimer()) {
            Call<Void> tick = new Call<>();
            timer.schedule(cancelled ? 10_000 : 2, TimeUnit.MILLISECONDS, null, tick);
            on.outcomes.add(cancelled ? "cancelled " + timer.cancel() : "");
            on.outcomes.add(tick);
        }
    }

    private void peerResets() throws Exception {
        Call<Integer> read = new Call<>();
        on.socket.read(on.buffer(8), null, read);
        on.peer.setSoLinger(true, 0);
        on.peer.close();
        on.outcomes.add(read);
        Call<Integer> write = new Call<>();
        on.socket.write(ByteBuffer.wrap(on.bytes(1)), null, write);
        on.outcomes.add(write);
        on.socket.close();
        on.socket = on.proactor().newSocket();
        on.peer = on.connect();
    }

    private void close(boolean reading) throws Exception {
        Call<Integer> read = new Call<>();
        if (reading) {
            on.socket.read(on.buffer(8), null, read);
        }
        on.socket.close();
        on.socket.close();
        if (reading) {
            on.outcomes.add(read);
        }
        on.outcomes.add(on.peer.getInputStream().readAllBytes());
        if (on.writable) {
            late();  // the peer has seen the close, so it has been carried out
        }
        on.peer.close();
        on.socket = on.proactor().newSocket();
        on.peer = on.connect();
    }

    private void late() throws Exception {
        Call<Integer> read = new Call<>();
        on.socket.read(on.buffer(8), null, read);
        on.outcomes.add(read);
        Call<Integer> write = new Call<>();
        on.socket.write(ByteBuffer.wrap(on.bytes(1)), null, write);
        on.outcomes.add(write);
    }

    /** A limit of 0: the peer ends its direction too, before or behind. */
    private void disconnect(int limitMillis) throws Exception {
        boolean before = on.random.nextBoolean();
        Call<StreamSocket> disconnect = new Call<>();
        if (limitMillis == 0 && before && on.readable) {
            on.peer.shutdownOutput();
        }
        on.socket.disconnect(limitMillis, TimeUnit.MILLISECONDS, null, disconnect);
        if (limitMillis == 0) {
            on.outcomes.add(on.peer.getInputStream().readAllBytes());
            if (!before && on.readable) {
                on.peer.shutdownOutput();
            }
        }
        on.outcomes.add(disconnect);
        on.outcomes.add(on.socket.isOpen() ? "open" : "closed");
        on.outcomes.add(on.socket.remoteAddress() == null ? "unconnected" : "connected");
        on.peer.close();
        on.peer = on.connect();
    }

    private void refusedConnect() throws Exception {
        on.socket.close();
        on.peer.close();
        on.socket = on.proactor().newSocket();
        InetSocketAddress nobody;
        try (ServerSocket taken = new ServerSocket(0, 1, on.address())) {
            nobody = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
        }
        Call<StreamSocket> connect = new Call<>();
        on.socket.connect(nobody, null, connect);
        on.outcomes.add(connect);
        on.peer = on.connect();
    }

    @Override
    public void close() throws IOException {
        on.close();
    }
}
