package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.ResetByPeerException;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Faults that the other side makes. */
interface PeerFaultContract extends Contract {

    @Test
    @DisplayName("E1 clients that connect and reset, one after the other: nothing is left, and the "
            + "threads rest")
    default void floodOfResetsLeavesNothing() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        acceptor.acceptAll(accepted -> new UntilItEnds(accepted.socket()).read());
        bench().connectTo(acceptor).reset();
        Until.until("the first is gone", () -> acceptor.connections() == 0);
        int descriptors = Descriptors.count();
        for (int i = 0; i < Rounds.of(250); i++) {
            Peer peer = Peer.to(acceptor.localAddress());
            if (i % 2 == 0) {
                peer.send("x");
            }
            peer.reset();
        }
        Peer last = bench().connectTo(acceptor);
        Until.until("all but the last are gone", () -> acceptor.connections() == 1
                && bench().proactor().statistics().outstanding() == 17);  // a read, 16 accepts
        Until.until("no descriptor is left but the two ends of the last",
                () -> Descriptors.count() <= descriptors + 2);
        assertResting();
        last.reset();
    }

    /** Reads and forgets what comes; closes at the end, whatever that is. */
    final class UntilItEnds implements CompletionHandler<Integer, Void> {
        private final ByteBuffer buffer = ByteBuffer.allocate(8);
        private final StreamSocket socket;

        UntilItEnds(StreamSocket socket) {
            this.socket = socket;
        }

        void read() {
            socket.read(buffer.clear(), null, this);
        }

        @Override
        public void completed(Integer count, Void attachment) {
            if (count < 0) {
                socket.close();
            } else {
                read();
            }
        }

        @Override
        public void failed(Throwable cause, Void attachment) {
            socket.close();
        }
    }

    /** The threads of the library use next to nothing while a timer of 300 ms runs. */
    private void assertResting() throws Exception {
        ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
        Timer timer = bench().keep(bench().proactor().newTimer());
        Recorder<Void> tick = bench().recorder();
        long before = cpuNanos(cpu);
        timer.schedule(300, TimeUnit.MILLISECONDS, null, tick);
        tick.value();
        assertThat(TimeUnit.NANOSECONDS.toMillis(cpuNanos(cpu) - before))
                .as("milliseconds of CPU of all threads of the library").isLessThan(150);
    }

    private long cpuNanos(ThreadMXBean cpu) {
        return bench().libraryThreads().stream().mapToLong(Thread::getId)
                .map(cpu::getThreadCpuTime).filter(nanos -> nanos > 0).sum();
    }

    @Test
    @DisplayName("E2 a peer ends its side and resets later: nothing spins meanwhile, and what is "
            + "pending or comes ends")
    default void resetAfterTheEndOfTheStreamEndsWhatIsPending() throws Exception {
        Pair idle = bench().accepted();
        Pair writing = bench().accepted();
        for (Pair each : new Pair[] {idle, writing}) {
            each.peer().finish();
            assertThat(each.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
        }
        Recorder<Integer> blocked = writing.write(ByteBuffer.allocate(16 << 20));
        assertResting();
        idle.peer().reset();
        writing.peer().reset();
        blocked.failure(ResetByPeerException.class);
        assertResting();
        Recorder<Integer> write = idle.write(Bytes.of("x"));
        while (write.within(5_000).cause() == null) {
            write = idle.write(Bytes.of("x"));  // that one was under way before the reset is known
        }
        write.failure(ResetByPeerException.class);
    }

    @Test
    @DisplayName("E3 a client that ends its side at once still gets the whole answer, and then the "
            + "end")
    default void halfClosedClientGetsTheWholeAnswer() throws Exception {
        Pair pair = bench().accepted();
        byte[] answer = Bytes.random(1 << 20, 3);
        pair.peer().send("?");
        pair.peer().finish();
        assertThat(pair.readText(1)).isEqualTo("?");
        assertThat(pair.read(ByteBuffer.allocate(8)).value()).isEqualTo(-1);
        Recorder<Integer> write = pair.write(ByteBuffer.wrap(answer));
        pair.socket().shutdownOutput();
        Future<byte[]> received = bench().start(() -> pair.peer().receiveAll());
        assertThat(Bench.join(received)).isEqualTo(answer);
        assertThat(write.value()).isEqualTo(answer.length);
    }
}
