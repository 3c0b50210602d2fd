package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.SocketClosedException;
import io.proactor.Strand;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Faults in which this side does several things at once: it closes,
 * posts, wakes and ends while others are at it.
 */
interface LifeFaultContract extends Contract {

    /**
     * Of clients that were not accepted nothing is demanded: where a handshake ends at the moment
     * at which the listener is closed, Linux forgets now and then to tell the client (seen with
     * 6.18, without this library too, once in some hundred closes).
     */
    @Test
    @DisplayName("A6 an acceptor that is closed in a storm of connects: each accept ends once, and "
            + "no connection is left")
    default void acceptorsClosedInAStormLeaveNoConnection() throws Exception {
        for (int round = 0; round < Rounds.of(20); round++) {
            Acceptor acceptor = bench().listen(ListenOptions.defaults());
            List<Recorder<Accepted>> accepts = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Recorder<Accepted> accept = bench().recorder(Keep.accepted(bench()));
                acceptor.accept(null, accept);
                accepts.add(accept);
            }
            List<Future<List<Peer>>> storm = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                storm.add(bench().start(() -> connectUntilRefused(acceptor.localAddress())));
            }
            accepts.get(round % accepts.size()).await();
            acceptor.close();
            Set<SocketAddress> accepted = new HashSet<>();
            for (Recorder<Accepted> accept : accepts) {
                if (accept.cause() == null) {
                    accepted.add(accept.value().remoteAddress());
                    accept.value().socket().close();
                } else {
                    accept.failure(SocketClosedException.class);
                }
                assertThat(accept.calls()).isEqualTo(1);
            }
            for (Future<List<Peer>> each : storm) {
                for (Peer peer : Bench.join(each)) {
                    if (accepted.remove(peer.localAddress())) {
                        peer.assertGone();
                    }
                    peer.close();
                }
            }
            assertThat(accepted).as("connections of nobody").isEmpty();
        }
    }

    /** At most so many: the backlog takes them, whether or not anybody accepts. */
    private List<Peer> connectUntilRefused(SocketAddress address) {
        List<Peer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                peers.add(bench().keep(Peer.to(address)));
            }
        } catch (IOException refused) {
            return peers;
        }
        return peers;
    }

    @Test
    @DisplayName("B4 close on another thread with a read and a write pending: both end, once each")
    default void closeOnAnotherThreadEndsReadAndWrite() throws Exception {
        ByteBuffer more = ByteBuffer.allocateDirect(1 << 20);  // than a peer that reads not takes
        for (int round = 0; round < Rounds.of(100); round++) {
            Pair pair = bench().accepted();
            pair.socket().setOption(StandardSocketOptions.SO_SNDBUF, 4_096);
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
            Recorder<Integer> write = pair.write(more.duplicate());
            Future<Void> closer = bench().start(() -> {
                pair.socket().close();
                return null;
            });
            read.failure(SocketClosedException.class);
            write.failure(SocketClosedException.class);
            Bench.join(closer);
            pair.peer().assertGone();
            pair.peer().close();
            assertThat(List.of(read.calls(), write.calls())).containsOnly(1);
        }
    }

    @Test
    @DisplayName("B11 8 threads post 12,500 tasks each to one strand: each thread's in order, "
            + "never two at a time")
    default void floodOfTasksKeepsEachThreadsOrder() throws Exception {
        Strand strand = bench().proactor().newStrand();
        int tasks = Rounds.of(12_500);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger disorders = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(8 * tasks);
        List<Future<Void>> producers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int[] next = {0};  // the strand guards it
            producers.add(bench().start(() -> {
                for (int number = 0; number < tasks; number++) {
                    int task = number;
                    strand.execute(() -> {
                        overlaps.addAndGet(running.getAndIncrement());
                        disorders.addAndGet(next[0]++ == task ? 0 : 1);
                        running.decrementAndGet();
                        left.countDown();
                    });
                }
                return null;
            }));
        }
        for (Future<Void> each : producers) {
            Bench.join(each);
        }
        Bench.pass(left);
        assertThat(overlaps.get()).as("tasks that met another one").isZero();
        assertThat(disorders.get()).as("tasks that were not next").isZero();
    }

    /**
     * Nothing else wakes the loop: no timer is armed, and the bytes were there before. A wake-up
     * that is lost is never made up for.
     */
    @Test
    @DisplayName("D1 a loop that has just gone to sleep hears of the next operation, 5,000 times "
            + "over")
    default void noWakeUpIsLost() throws Exception {
        int rounds = Rounds.of(5_000);
        bench().open(options -> options.withLoops(1));
        Pair pair = bench().accepted();
        pair.socket().setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
        Future<Void> sender = bench().start(() -> {
            pair.peer().send(new byte[rounds]);
            return null;
        });
        ByteBuffer target = ByteBuffer.allocateDirect(1);
        for (int i = 0; i < rounds; i++) {
            Recorder<Integer> read = new Recorder<>(call -> {});
            pair.socket().read(target.clear(), null, read);
            assertThat(read.value()).isEqualTo(1);
        }
        Bench.join(sender);
    }

    @Test
    @DisplayName("I2 a proactor is aborted in the midst of everything, again and again")
    default void abortInTheMidstOfEverythingLeavesNothing() throws Exception {
        for (int round = 0; round < Rounds.of(12); round++) {
            Proactor proactor = bench().open(options -> options);
            Acceptor acceptor = bench().listen(ListenOptions.defaults());
            long seed = Seed.of("abortInTheMidstOfEverythingLeavesNothing");
            Future<List<Recorder<?>>> busy = bench().start(
                    new Turmoil(bench(), proactor, acceptor, seed));
            Turmoil.awaitOperations(proactor, 10 * round);
            proactor.shutdownNow();
            assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS)))
                    .isTrue();
            for (Recorder<?> each : Bench.join(busy)) {
                assertThat(each.called()).as("a handler was not called before the end").isTrue();
                assertThat(each.calls()).isEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("I6 an end that does not come is told once, and whoever waits is not kept longer "
            + "than he wants")
    default void endThatIsHeldUpIsTold() throws Exception {
        Proactor proactor = bench().proactor();
        CountDownLatch leave = bench().gate();
        Recorder<String> stuck = bench().recorder(call -> Bench.pass(leave));
        proactor.post("stuck", null, stuck);
        stuck.awaitEntry();
        proactor.shutdownNow();
        assertThat(bench().listener().takeHeldUp()).as("operations that are held").isEmpty();
        assertThat(proactor.awaitTermination(Duration.ofMillis(50))).isFalse();
        leave.countDown();
        assertThat(proactor.awaitTermination(Duration.ofSeconds(Until.PATIENCE_SECONDS))).isTrue();
        assertThat(bench().listener().heldUp()).as("told again").isEmpty();
    }
}
