package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Lease;
import io.proactor.ProactorListener;
import io.proactor.SocketClosedException;
import io.proactor.WriteQueueFullException;
import io.proactor.operation.OperationTrace;
import io.proactor.spi.ReceiveLimits;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T34: what may be done with a lease, and what happens to one that is lost. */
interface LeaseContract extends Contract {

    @Test
    @DisplayName("T34 a lease that is closed cannot be used; closing it again does nothing")
    default void closedLeaseCannotBeUsed() throws Exception {
        bench().open(options -> options.withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair pair = bench().accepted();
        Lease lease = received(pair, "one");
        lease.close();
        lease.close();
        assertThatThrownBy(lease::buffer).isInstanceOf(IllegalStateException.class);
        Lease next = received(pair, "two");  // in the same buffer
        lease.close();
        assertThatThrownBy(lease::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pair.socket().write(lease, null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bench().proactor().leasesOpen()).isEqualTo(1);
        assertThat(Leased.text(next)).isEqualTo("two");
        next.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T34 the bytes of a lease are written; meanwhile it can be neither used nor "
            + "closed")
    default void leaseIsWrittenAndMeanwhileItCannotBeUsed() throws Exception {
        Pair from = bench().accepted();
        Pair to = bench().accepted();
        Lease lease = received(from, "leased");
        Recorder<Integer> stuck = to.write(ByteBuffer.allocate(16 << 20));
        Recorder<Integer> write = bench().recorder();
        to.socket().write(lease, "attached", write);
        assertThatThrownBy(lease::buffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> to.socket().write(lease, null, bench().recorder()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(bench().proactor().leasesOpen()).isEqualTo(1);
        to.peer().receiveBytes(16 << 20);
        assertThat(to.peer().receive(6)).isEqualTo("leased");
        stuck.value();
        assertThat(write.value()).isEqualTo(6);
        assertThat(write.attachment()).isEqualTo("attached");
        assertThat(lease.buffer().hasRemaining()).isFalse();
        lease.close();
    }

    @Test
    @DisplayName("T34 in the handler of its write a lease can be closed, and written again")
    default void leaseIsFreeInTheHandlerOfItsWrite() throws Exception {
        Pair pair = bench().accepted();
        Lease lease = received(pair, "again");
        Recorder<Integer> second = bench().recorder(call -> lease.close());
        Recorder<Integer> first = bench().recorder(call -> {
            lease.buffer().rewind();
            pair.socket().write(lease, null, second);
        });
        pair.socket().write(lease, null, first);
        assertThat(second.value()).isEqualTo(5);
        assertThat(pair.peer().receive(10)).isEqualTo("againagain");
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T34 a write of a lease that is refused, or fails, leaves the lease to its owner")
    default void failedWriteLeavesTheLease() throws Exception {
        bench().open(options -> options.withWriteQueue(1_000, 1_000));
        Pair pair = bench().accepted();
        Lease lease = received(pair, "kept");
        Recorder<Integer> stuck = pair.write(ByteBuffer.allocate(16 << 20));
        assertThatThrownBy(() -> pair.socket().write(lease, null, bench().recorder()))
                .isInstanceOf(WriteQueueFullException.class);
        assertThat(Leased.text(lease)).isEqualTo("kept");
        pair.socket().close();
        stuck.failure(SocketClosedException.class);
        Recorder<Integer> late = bench().recorder();
        pair.socket().write(lease, null, late);
        late.failure(SocketClosedException.class);
        assertThat(Leased.text(lease)).isEqualTo("kept");
        lease.close();
        assertThat(bench().proactor().leasesOpen()).isZero();
    }

    @Test
    @DisplayName("T34 a write of a lease that is cancelled gives the lease back, with what is left")
    default void cancelledWriteGivesTheLeaseBack() throws Exception {
        Pair from = bench().accepted();
        Pair to = bench().accepted();
        Lease lease = received(from, "cancelled");
        Recorder<Integer> stuck = to.write(ByteBuffer.allocate(16 << 20));
        Recorder<Integer> write = bench().recorder();
        long id = to.socket().write(lease, null, write);
        assertThat(to.socket().cancel(id)).isTrue();
        assertThat(write.cause()).isNotNull();
        assertThat(Leased.text(lease)).isEqualTo("cancelled");
        lease.close();
        assertThat(stuck.called()).isFalse();
    }

    @Test
    @DisplayName("T34 a lease that is lost is reported with the place, and its buffer is replaced")
    default void lostLeaseIsReportedAndReplaced() throws Exception {
        BlockingQueue<OperationTrace> lost = new LinkedBlockingQueue<>();
        bench().open(options -> options.withTracing(true).withListener(new ProactorListener() {
            @Override
            public void leaseLost(OperationTrace taken) {
                lost.add(taken);
            }
        }).withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair pair = bench().accepted();
        loseLease(pair);
        OperationTrace taken = null;
        for (int i = 0; i < 200 && taken == null; i++) {
            System.gc();
            taken = lost.poll(50, TimeUnit.MILLISECONDS);
        }
        assertThat(taken).isNotNull();
        assertThat(taken.getStackTrace()).anyMatch(frame ->
                frame.getMethodName().equals("loseLease"));
        assertThat(bench().proactor().leasesOpen()).isZero();
        received(pair, "next").close();
        pair.roundTrips();
        assertThat(lost).isEmpty();
    }

    /** In a method of its own, so that no local variable of the test holds the lease. */
    private void loseLease(Pair pair) throws Exception {
        pair.peer().send("lost");
        java.util.concurrent.CountDownLatch came = bench().gate();
        pair.socket().receive(null, new java.nio.channels.CompletionHandler<Lease, Object>() {
            @Override
            public void completed(Lease lease, Object attachment) {
                came.countDown();
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                throw new AssertionError(cause);
            }
        });
        Bench.pass(came);
    }

    @Test
    @DisplayName("T34 a lease that is lost while it is written is written all the same")
    default void leaseThatIsLostWhileItIsWrittenIsWritten() throws Exception {
        BlockingQueue<OperationTrace> lost = new LinkedBlockingQueue<>();
        bench().open(options -> options.withTracing(true).withListener(new ProactorListener() {
            @Override
            public void leaseLost(OperationTrace taken) {
                lost.add(taken);
            }
        }).withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair pair = bench().accepted();
        Pair other = bench().accepted();
        pair.peer().send("lost");
        Recorder<Integer> stuck = other.write(ByteBuffer.allocate(16 << 20));
        Recorder<Integer> write = bench().recorder();
        java.util.concurrent.CountDownLatch came = bench().gate();
        pair.socket().receive(null, new java.nio.channels.CompletionHandler<Lease, Object>() {
            @Override
            public void completed(Lease lease, Object attachment) {
                other.socket().write(lease, null, write);
                came.countDown();
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                throw new AssertionError(cause);
            }
        });
        Bench.pass(came);
        Until.until("it is lost", () -> {
            System.gc();
            return !lost.isEmpty();
        });
        received(pair, "next").close();  // the buffer is replaced already
        other.peer().receiveBytes(16 << 20);
        assertThat(other.peer().receive(4)).isEqualTo("lost");
        stuck.value();
        assertThat(write.value()).isEqualTo(4);
    }

    private Lease received(Pair pair, String text) throws Exception {
        pair.peer().send(text);
        Lease lease = Leased.receive(bench(), pair.socket()).value();
        assertThat(Leased.text(lease)).isEqualTo(text);
        return lease;
    }

    @Test
    @DisplayName("Behind the bytes of a lease there is nothing of another connection's")
    default void leaseShowsNothingOfAnotherConnection() throws Exception {
        bench().open(options -> options.withLoops(1)
                .withReceiveLimits(new ReceiveLimits(64, 1, 1)));
        Pair other = bench().accepted();
        Pair pair = bench().accepted();
        for (int round = 0; round < 4; round++) {
            other.peer().send("what nobody else may see, " + round);
            try (Lease lease = Leased.receive(bench(), other.socket()).value()) {
                ByteBuffer all = lease.buffer();
                all.limit(all.capacity()).position(all.limit() - 4).put((byte) 'a');
            }
            pair.peer().send("x");
            requireOnlyItself(pair);
        }
    }

    @Test
    @DisplayName("Nor where the other connection took the bytes piece by piece")
    default void leaseShowsNothingOfWhatAnotherConnectionTookPieceByPiece() throws Exception {
        bench().open(options -> options.withLoops(1)
                .withReceiveLimits(new ReceiveLimits(1 << 16, 2, 1)));
        Pair other = bench().accepted();
        Pair pair = bench().accepted();
        for (int round = 0; round < 16; round++) {
            String secret = "what nobody else may see, " + round;
            other.peer().send(secret);
            for (int left = secret.length(); left > 0;) {
                Recorder<Lease> receive = bench().recorder();
                other.socket().receive(7, 0, TimeUnit.SECONDS, null, receive);
                try (Lease lease = receive.value()) {
                    left -= lease.buffer().remaining();
                }
            }
            pair.peer().send("x");
            requireOnlyItself(pair);
        }
    }

    @Test
    @DisplayName("Nor of what another connection took into a buffer of its own")
    default void leaseShowsNothingOfWhatAnotherConnectionHasRead() throws Exception {
        bench().open(options -> options.withLoops(1)
                .withReceiveLimits(new ReceiveLimits(1 << 16, 2, 1)));
        Pair other = bench().accepted();
        Pair pair = bench().accepted();
        received(other, "as a lease").close();  // and from then on into the same buffers
        received(other, "as a lease").close();
        for (int round = 0; round < 16; round++) {
            for (int i = 0; i < round % 3; i++) {  // so each of the buffers in the end
                readSecret(other, "what nobody else may see, " + round);
            }
            pair.peer().send("x");
            requireOnlyItself(pair);
        }
    }

    private void readSecret(Pair pair, String secret) throws Exception {
        pair.peer().send(secret);
        for (int left = secret.length(); left > 0;) {
            Recorder<Integer> read = bench().recorder();
            pair.socket().read(ByteBuffer.allocate(7), 0, TimeUnit.SECONDS, null, read);
            left -= read.value();
        }
    }

    /** Receives an x, and nothing behind it. */
    private void requireOnlyItself(Pair pair) throws Exception {
        try (Lease lease = Leased.receive(bench(), pair.socket()).value()) {
            ByteBuffer all = lease.buffer().duplicate().clear();
            assertThat(all.get()).isEqualTo((byte) 'x');
            while (all.hasRemaining()) {
                assertThat(all.get()).isZero();
            }
        }
    }
}
