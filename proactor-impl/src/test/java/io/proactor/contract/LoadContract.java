package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many connections at a time, and threads that were interrupted. */
interface LoadContract extends Contract {

    @Test
    @DisplayName("200 connections, library at both ends, do 100 round trips each at the same time")
    default void manyConnectionsAtTheSameTime() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        acceptor.acceptAll(accepted ->
                new Echo(bench().keep(accepted.socket()), Integer.MAX_VALUE, null).read());
        CountDownLatch through = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            Recorder<StreamSocket> connect = bench().recorder(call -> call.ifCompleted(socket ->
                    new Echo(bench().keep(socket), 100, through).write()));
            bench().proactor().connect(acceptor.localAddress(), null, connect);
        }
        assertThat(through.await(2 * Until.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s connections are not through", through.getCount()).isTrue();
        assertThat(acceptor.connections()).isEqualTo(200);
    }

    /** Reads and writes in turn; the handlers of one socket never overlap, so it needs no lock. */
    final class Echo implements CompletionHandler<Integer, Boolean> {
        private final StreamSocket socket;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        private final CountDownLatch through;
        private int roundsLeft;

        Echo(StreamSocket socket, int rounds, CountDownLatch through) {
            this.socket = socket;
            this.through = through;
            roundsLeft = rounds;
        }

        void read() {
            socket.readExactly(buffer.clear(), true, this);
        }

        void write() {
            socket.write(buffer.clear(), false, this);
        }

        @Override
        public void completed(Integer count, Boolean wasRead) {
            if (!wasRead) {
                read();
            } else if (count == buffer.capacity() && --roundsLeft > 0) {
                write();
            } else if (through != null) {
                through.countDown();
            }
        }

        @Override
        public void failed(Throwable cause, Boolean wasRead) {
            // The test is over, or waits in vain and says so.
        }
    }

    /** The JDK closes a channel whose thread is interrupted in a call. */
    @Test
    @DisplayName("A handler that interrupts its own thread harms no connection")
    default void interruptedDispatcherThreadHarmsNobody() throws Exception {
        Pair bystander = bench().accepted();
        Pair pair = bench().accepted();
        for (int i = 0; i < 50; i++) {
            ByteBuffer target = ByteBuffer.allocate(1);
            Recorder<Integer> answer = bench().recorder();
            Recorder<Integer> read = bench().recorder(call -> {
                Thread.currentThread().interrupt();
                pair.socket().write(Bytes.of("y"), null, answer);
            });
            pair.socket().read(target, null, read);
            pair.peer().send("x");
            bystander.roundTrips();
            assertThat(answer.value()).isEqualTo(1);
        }
        pair.peer().receiveBytes(50);
        pair.roundTrips();
    }

    @Test
    @DisplayName("A thread that is interrupted may initiate, and stays interrupted")
    default void interruptedThreadMayInitiate() throws Exception {
        Pair pair = bench().accepted();
        List<Future<Boolean>> initiators = new ArrayList<>();
        List<Recorder<Integer>> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Recorder<Integer> write = bench().recorder();
            writes.add(write);
            initiators.add(bench().start(() -> {
                Thread.currentThread().interrupt();
                pair.socket().write(Bytes.of("x"), null, write);
                return Thread.interrupted();
            }));
        }
        for (Future<Boolean> each : initiators) {
            assertThat(Bench.join(each)).isTrue();
        }
        for (Recorder<Integer> write : writes) {
            assertThat(write.value()).isEqualTo(1);
        }
        pair.peer().receiveBytes(20);
        pair.roundTrips();
    }
}
