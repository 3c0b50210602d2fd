package io.proactor.samples.load;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.Strand;
import io.proactor.samples.cli.OneSentence;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;

/**
 * One connection of the load: keeps some messages under way, verifies each byte that comes back,
 * and sends the next message when one has been both written and answered, which may be in either
 * order.
 *
 * <p>Everything here, but the constructor and {@link #connect}, runs on the strand of the
 * connection.
 */
final class LoadConnection implements CompletionHandler<Integer, LoadConnection.Step> {

    /** What an operation of the connection is. */
    enum Step { READ, WRITE }

    private static final int READ_BYTES_MAX = 64 * 1024;  // what processors move in one call

    private final int index;
    private final LoadPlan plan;
    private final LoadTotals totals;
    private final Runnable onOver;
    private final Strand strand;
    private final StreamSocket socket;
    private final BytePattern pattern;

    // Owner: the strand. A message's number, modulo the depth, is its place in both arrays.
    private final ByteBuffer[] messages;
    private final long[] startNanos;
    private final ByteBuffer echo;
    private long sent;         // messages
    private long written;      // messages, written <= sent
    private long answered;     // messages, answered <= sent
    private long bytesEchoed;  // answered * messageBytes <= bytesEchoed <= sent * messageBytes
    private boolean stopping;  // true exactly when no message is to be sent any more
    private boolean ended;     // true exactly when the outgoing direction has been shut down
    private boolean over;      // true exactly when it was told that this connection is over

    LoadConnection(int index, LoadPlan plan, Proactor proactor, LoadTotals totals,
            Runnable onOver) {
        this.index = index;
        this.plan = plan;
        this.totals = totals;
        this.onOver = onOver;
        strand = proactor.newStrand();
        socket = proactor.newSocket();
        socket.bind(strand);
        pattern = new BytePattern(index);
        messages = new ByteBuffer[plan.depth()];
        startNanos = new long[plan.depth()];
        ByteBuffer all = ByteBuffer.allocateDirect(plan.depth() * plan.messageBytes());
        for (int i = 0; i < messages.length; i++) {
            messages[i] = all.slice(i * plan.messageBytes(), plan.messageBytes());
        }
        echo = ByteBuffer.allocateDirect(Math.min(READ_BYTES_MAX, all.capacity()));
    }

    /** Initiates the connect. The attachment of its handler is this connection. */
    void connect(SocketAddress remote, int timeoutSeconds,
            CompletionHandler<StreamSocket, LoadConnection> handler) {
        socket.connect(remote, timeoutSeconds, TimeUnit.SECONDS, this, handler);
    }

    /** Ends a connection that could not be made. */
    void connectFailed(Throwable cause) {
        fail(OneSentence.sentence(cause));
    }

    /** Begins to send. Any thread. */
    void begin() {
        strand.execute(() -> {
            if (!over) {
                socket.read(echo, Step.READ, this);
                advance();
            }
        });
    }

    /** Has the connection end when all that was sent has come back. Any thread. */
    void stop() {
        strand.execute(() -> {
            stopping = true;
            advance();
        });
    }

    /** Ends the connection as it is, if it is not over. Any thread. */
    void giveUp(String reason) {
        strand.execute(() -> fail(reason));
    }

    @Override
    public void completed(Integer bytes, Step step) {
        if (over) {
            return;
        }
        if (step == Step.WRITE) {
            written++;
            advance();
        } else if (bytes < 0) {
            onEnd();
        } else {
            onEcho(bytes);
        }
    }

    @Override
    public void failed(Throwable cause, Step step) {
        fail(OneSentence.sentence(cause));
    }

    private void onEcho(int bytes) {
        int right = pattern.mismatch(echo.flip(), bytesEchoed);
        if (bytesEchoed + bytes > sent * plan.messageBytes()) {
            fail("More came back than had been sent.");
        } else if (right >= 0) {
            fail("The byte at " + (bytesEchoed + right) + " is not what had been sent.");
        } else {
            bytesEchoed += bytes;
            totals.verified(bytes);
            long now = System.nanoTime();
            for (; answered < bytesEchoed / plan.messageBytes(); answered++) {
                totals.answered(now - startNanos[place(answered)]);
            }
            socket.read(echo.clear(), Step.READ, this);
            advance();
        }
    }

    private void onEnd() {
        if (ended) {
            finish();
        } else {
            fail("The server ended the connection with " + (sent - answered)
                    + " messages to be answered.");
        }
    }

    /** Sends what there is a place for; ends the connection when there is nothing more to do. */
    private void advance() {
        if (over) {
            return;
        }
        while (!stopping && sent - Math.min(written, answered) < plan.depth()) {
            send();
        }
        if (stopping && !ended && written == sent && answered == sent) {
            ended = true;
            socket.shutdownOutput();
        }
    }

    private void send() {
        ByteBuffer message = messages[place(sent)].clear();
        pattern.fill(message, sent * plan.messageBytes());
        startNanos[place(sent)] = System.nanoTime();
        sent++;
        socket.write(message.flip(), Step.WRITE, this);
    }

    private int place(long message) {
        return (int) (message % plan.depth());
    }

    private void fail(String reason) {
        if (!over) {
            totals.failed("Connection " + index + ": " + reason);
            finish();
        }
    }

    private void finish() {
        over = true;
        onOver.run();
        socket.close();
    }
}
