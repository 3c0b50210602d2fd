package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Lease;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.ProactorShutdownException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.spi.ReceiveLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T20: receives, for which the processor picks the buffer when there is something to put in. */
interface ReceiveContract extends Contract {

    @Test
    @DisplayName("T20 a receive brings what came, in a lease that counts until it is closed")
    default void receiveBringsALease() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Lease> receive = Leased.receive(bench(), pair.socket());
        assertThat(receive.calledWithin(50)).isFalse();
        assertThat(bench().proactor().leasesOpen()).isZero();
        pair.peer().send("abc");
        Lease lease = receive.value();
        assertThat(Leased.text(lease)).isEqualTo("abc");
        assertThat(lease.buffer()).isSameAs(lease.buffer());
        assertThat(bench().proactor().leasesOpen()).isEqualTo(1);
        lease.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
        pair.roundTrips();
    }

    @Test
    @DisplayName("T19 the end of the stream is null, again and again; a reset is a failure")
    default void endOfStreamIsNull() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("x");
        pair.peer().finish();
        Leased.receive(bench(), pair.socket()).value().close();
        for (int i = 0; i < 3; i++) {
            assertThat(Leased.receive(bench(), pair.socket()).value()).isNull();
        }
        assertThat(pair.read(ByteBuffer.allocate(1)).value()).isEqualTo(-1);
        Pair reset = bench().accepted();
        Recorder<Lease> receive = Leased.receive(bench(), reset.socket());
        reset.peer().reset();
        receive.failure(ResetByPeerException.class);
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T20 it brings no more than it is asked for, and no more than a buffer holds")
    default void receiveIsBounded() throws Exception {
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 8, 8)));
        Pair pair = bench().accepted();
        byte[] bytes = Bytes.random(1_000, 20);
        pair.peer().send(bytes);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        for (int i = 1; received.size() < bytes.length; i++) {
            Recorder<Lease> receive = bench().recorder();
            pair.socket().receive(i % 2 == 0 ? 1_000_000 : 5, 0, TimeUnit.SECONDS, null, receive);
            try (Lease lease = receive.value()) {
                assertThat(lease.buffer().remaining()).isBetween(1, i % 2 == 0 ? 64 : 5);
                received.write(Bytes.array(end(lease)), 0, lease.buffer().remaining());
            }
        }
        assertThat(received.toByteArray()).isEqualTo(bytes);
        assertThatThrownBy(() -> pair.socket().receive(0, 0, TimeUnit.SECONDS, null,
                bench().recorder())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("T20 surplus of a read until a delimiter comes first, in receives too")
    default void surplusComesFirst() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 10; i++) {
            pair.peer().send("line|abcdef");
            ByteBuffer line = ByteBuffer.allocate(64);
            Recorder<Integer> read = bench().recorder();
            pair.socket().readUntil(line, new byte[] {'|'}, null, read);
            assertThat(read.value()).isEqualTo(5);
            Recorder<Lease> part = bench().recorder();
            pair.socket().receive(2, 0, TimeUnit.SECONDS, null, part);
            String text;
            try (Lease lease = part.value()) {
                text = Leased.text(lease);
                assertThat(text.length()).isBetween(1, 2);
            }
            Recorder<Void> wait = bench().recorder();
            pair.socket().waitReadable(null, wait);
            wait.value();
            text += pair.readText(6 - text.length());
            assertThat(text).isEqualTo("abcdef");
        }
    }

    @Test
    @DisplayName("T20 1,000 idle connections hold no buffer: a pool of one serves them all")
    default void idleConnectionsHoldNoBuffer() throws Exception {
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        var acceptor = bench().listen(ListenOptions.defaults());
        List<Pair> pairs = new ArrayList<>();
        List<Recorder<Lease>> receives = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Pair pair = bench().accepted(acceptor);
            pairs.add(pair);
            receives.add(Leased.receive(bench(), pair.socket()));
        }
        assertThat(bench().proactor().leasesOpen()).isZero();
        for (int i = 0; i < 1_000; i += 9) {
            pairs.get(i).peer().send("x");
            try (Lease lease = receives.get(i).value()) {
                assertThat(Leased.text(lease)).isEqualTo("x");
            }
        }
        assertThat(receives).filteredOn(Recorder::called).hasSize(112);
    }

    @Test
    @DisplayName("T24, T26, T29 cancel, timeout and close end a receive, and leave no lease")
    default void receiveIsEndedWithoutALease() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Lease> cancelled = bench().recorder();
        long id = pair.socket().receive(null, cancelled);
        assertThat(pair.socket().cancel(id)).isTrue();
        cancelled.failure(OperationCancelledException.class);
        Recorder<Lease> late = bench().recorder();
        pair.socket().receive(8, 50, TimeUnit.MILLISECONDS, null, late);
        late.failure(OperationTimedOutException.class);
        pair.peer().send("abc");
        Recorder<Lease> good = Leased.receive(bench(), pair.socket());
        try (Lease lease = good.value()) {
            assertThat(Leased.text(lease)).startsWith("a");
        }
        Recorder<Lease> open = Leased.receive(bench(), bench().accepted().socket());
        pair.socket().close();
        Leased.receive(bench(), pair.socket()).failure(SocketClosedException.class);
        assertThat(open.called()).isFalse();
        bench().proactor().shutdown(Duration.ofSeconds(15));
        open.failure(ProactorShutdownException.class);
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T24 cancels that race the bytes: one outcome each, no byte and no buffer is lost")
    default void cancelThatRacesTheBytesLosesNoBuffer() throws Exception {
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 2, 1)));
        Pair pair = bench().accepted();
        for (int round = 0; round < 500; round++) {
            String sent = String.format("%04d", round);
            Recorder<Lease> receive = bench().recorder();
            long id = pair.socket().receive(null, receive);
            Future<Void> sender = bench().start(() -> {
                pair.peer().send(sent);
                return null;
            });
            LockSupport.parkNanos(round % 50 * 2_000L);
            pair.socket().cancel(id);
            String text = "";
            if (receive.cause() == null) {
                try (Lease lease = receive.value()) {
                    text = Leased.text(lease);
                }
            }
            assertThat(text + pair.readText(4 - text.length())).isEqualTo(sent);
            Bench.join(sender);
        }
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    private static ByteBuffer end(Lease lease) {
        ByteBuffer bytes = lease.buffer();
        return bytes.duplicate().position(bytes.limit());
    }
}
