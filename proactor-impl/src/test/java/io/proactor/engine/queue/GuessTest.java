package io.proactor.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import io.proactor.contract.FaultInjection;
import io.proactor.contract.Faults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A read that filled its buffer is followed by a call at once, unless that does not pay. */
@Timeout(60)
final class GuessTest {

    private static final int MESSAGE_BYTES = 16;
    private static final int MESSAGES = 340;
    private static final int MESSAGES_PER_GUESS = 17;  // one wrong guess, then 16 left out

    private final AtomicInteger reads = new AtomicInteger();
    private final Faults counting = new Faults() {
        @Override
        public int onRead(int wanted) {
            reads.incrementAndGet();
            return wanted;
        }
    };

    @Test
    void messagesThatJustFillTheirBuffersCostFewCallsInVain() throws IOException {
        try (Proactor proactor = open()) {
            Acceptor acceptor = echo(proactor);
            try (Socket client = connect(acceptor)) {
                for (int i = 0; i < MESSAGES; i++) {
                    client.getOutputStream().write(new byte[MESSAGE_BYTES]);
                    assertThat(client.getInputStream().readNBytes(MESSAGE_BYTES))
                            .hasSize(MESSAGE_BYTES);
                }
                assertThat(reads.get()).isBetween(MESSAGES,
                        MESSAGES + MESSAGES / MESSAGES_PER_GUESS + 1);
            }
        }
    }

    @Test
    void whatIsThereIsReadToItsEndWhateverWasGuessed() throws IOException {
        try (Proactor proactor = open()) {
            Acceptor acceptor = echo(proactor);
            try (Socket client = connect(acceptor)) {
                for (int burst = 1; burst <= MESSAGES_PER_GUESS * 2; burst++) {
                    client.getOutputStream().write(new byte[MESSAGE_BYTES * burst]);
                    assertThat(client.getInputStream().readNBytes(MESSAGE_BYTES * burst))
                            .hasSize(MESSAGE_BYTES * burst);
                }
            }
        }
    }

    private Proactor open() throws IOException {
        return FaultInjection.open(ProactorOptions.defaults().withProcessor("queue").withLoops(1)
                .withLoopDispatcher(), counting);
    }

    private static Acceptor echo(Proactor proactor) throws IOException {
        Acceptor acceptor =
                proactor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        acceptor.acceptAll(GuessTest::echo);
        return acceptor;
    }

    private static void echo(Accepted accepted) {
        new Echo(accepted.socket()).read();
    }

    /** Reads again before it writes, so that a guess is made before the client can answer. */
    private static final class Echo implements CompletionHandler<Integer, @Nullable ByteBuffer> {
        private final StreamSocket socket;

        Echo(StreamSocket socket) {
            this.socket = socket;
        }

        void read() {
            ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
            socket.read(buffer, buffer, this);
        }

        @Override
        public void completed(Integer count, @Nullable ByteBuffer read) {
            if (read == null) {
                return;  // written
            }
            if (count < 0) {
                socket.close();
                return;
            }
            read();
            socket.write(read.flip(), null, this);
        }

        @Override
        public void failed(Throwable cause, @Nullable ByteBuffer read) {
            socket.close();
        }
    }

    private static Socket connect(Acceptor acceptor) throws IOException {
        InetSocketAddress server = (InetSocketAddress) acceptor.localAddress();
        Socket client = new Socket(server.getAddress(), server.getPort());
        client.setTcpNoDelay(true);
        client.setSoTimeout(30_000);
        return client;
    }
}
