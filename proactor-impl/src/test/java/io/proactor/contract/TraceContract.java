package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Frames;
import io.proactor.ListenOptions;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.PendingOperation;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationTrace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T32: what is pending can be seen, and where it came from. */
interface TraceContract extends Contract {

    @Test
    @DisplayName("T32 three pending operations are listed with id, kind, session and age")
    default void pendingOperationsAreListed() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Pair pair = bench().accepted(acceptor);
        assertThat(bench().proactor().dumpPending()).isEmpty();
        long startNanos = System.nanoTime();
        Recorder<Integer> read = bench().recorder();
        long readId = pair.socket().read(ByteBuffer.allocate(1), null, read);
        long acceptId = acceptor.accept(null, bench().<Accepted>recorder());
        Timer timer = bench().keep(bench().proactor().newTimer());
        long timerId = timer.schedule(1, TimeUnit.HOURS, null, bench().<Void>recorder());
        List<PendingOperation> pending = bench().proactor().dumpPending();
        long nanos = System.nanoTime() - startNanos;
        assertThat(pending).extracting(PendingOperation::id)
                .containsExactly(readId, acceptId, timerId);
        assertThat(pending).extracting(PendingOperation::kind)
                .containsExactly(Kind.READ, Kind.ACCEPT, Kind.TIMER);
        assertThat(pending).extracting(PendingOperation::session)
                .containsExactly(pair.socket(), acceptor, timer);
        assertThat(pending).allMatch(each -> each.age().toNanos() <= nanos)
                .allMatch(each -> each.trace() == null)
                .allMatch(each -> each.toString().contains("#" + each.id()));
        pair.peer().send("x");
        read.value();
        assertThat(bench().proactor().dumpPending()).extracting(PendingOperation::id)
                .containsExactly(acceptId, timerId);
    }

    @Test
    @DisplayName("T32 each new kind of operation is listed as what it is")
    default void eachKindIsListed() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Void> cancelled = bench().recorder();
        long wait = pair.socket().waitReadable(null, cancelled);
        assertThat(kindOf(wait)).isEqualTo(Kind.WAIT_READABLE);
        pair.socket().cancel(wait);
        cancelled.await();
        long receive = pair.socket().receive(null, bench().recorder());
        assertThat(kindOf(receive)).isEqualTo(Kind.RECEIVE);
        long write = pair.socket().write(ByteBuffer.allocate(16 << 20), null, bench().recorder());
        assertThat(kindOf(write)).isEqualTo(Kind.WRITE);
    }

    private Kind kindOf(long id) throws Exception {
        return bench().proactor().dumpPending().stream().filter(each -> each.id() == id)
                .map(PendingOperation::kind).findAny().orElseThrow();
    }

    @Test
    @DisplayName("T32 with tracing, the frame that initiated and the parent operation are listed")
    default void initiatorAndParentAreListed() throws Exception {
        bench().open(options -> options.withTracing(true));
        Pair pair = bench().accepted();
        Recorder<Integer> child = bench().recorder();
        long[] childId = new long[1];
        Recorder<Integer> parent = bench().recorder(
                call -> childId[0] = initiateChild(pair.socket(), child));
        long parentId = initiateParent(pair.socket(), parent);
        PendingOperation before = pending(parentId);
        assertThat(before.trace().initiator().getMethodName()).isEqualTo("initiateParent");
        assertThat(before.trace().parent()).isNull();
        pair.peer().send("x");
        parent.value();
        PendingOperation after = pending(childId[0]);
        assertThat(after.trace().initiator().getMethodName()).isEqualTo("initiateChild");
        assertThat(after.trace().parent().id()).isEqualTo(parentId);
        assertThat(after.trace().parent().initiator().getMethodName())
                .isEqualTo("initiateParent");
        assertThat(after.toString()).contains("initiateChild", "READ #" + parentId);
    }

    @Test
    @DisplayName("T32 a failure carries the frame that initiated, and that of the parent")
    default void failureCarriesTheChain() throws Exception {
        bench().open(options -> options.withTracing(true));
        Pair pair = bench().accepted();
        Recorder<Integer> child = bench().recorder();
        long[] childId = new long[1];
        Recorder<Integer> parent = bench().recorder(
                call -> childId[0] = initiateChild(pair.socket(), child));
        long parentId = initiateParent(pair.socket(), parent);
        pair.peer().send("x");
        parent.value();
        assertThat(pair.socket().cancel(childId[0])).isTrue();
        OperationCancelledException failure = child.failure(OperationCancelledException.class);
        assertThat(failure.getSuppressed()).hasSize(1);
        OperationTrace trace = (OperationTrace) failure.getSuppressed()[0];
        assertThat(trace.id()).isEqualTo(childId[0]);
        assertThat(trace.kind()).isEqualTo(Kind.READ);
        assertThat(trace.initiator().getMethodName()).isEqualTo("initiateChild");
        assertThat(trace.parent().id()).isEqualTo(parentId);
        assertThat(trace.parent().initiator().getMethodName()).isEqualTo("initiateParent");
    }

    @Test
    @DisplayName("T32 a long chain keeps a few parents; what a test initiates has none")
    default void longChainKeepsAFewParents() throws Exception {
        bench().open(options -> options.withTracing(true));
        Pair pair = bench().accepted();
        Recorder<Integer> last = bench().recorder();
        long[] lastId = new long[1];
        next(pair.socket(), 30, lastId, last);
        pair.peer().send(new byte[30]);
        Until.until("the last one is pending", () -> lastId[0] != 0);
        assertThat(pair.socket().cancel(lastId[0])).isTrue();
        OperationTrace trace = (OperationTrace) last.cause().getSuppressed()[0];
        int parents = 0;
        for (OperationTrace each = trace.parent(); each != null; each = each.parent()) {
            parents++;
            assertThat(each.kind()).isEqualTo(Kind.READ);
        }
        assertThat(parents).isBetween(7, 9);
        Recorder<Integer> write = pair.write(Bytes.of("x"));
        assertThat(write.value()).isEqualTo(1);
        Recorder<Integer> fresh = bench().recorder();
        long id = initiateParent(pair.socket(), fresh);
        assertThat(pending(id).trace().parent()).isNull();
    }

    private void next(StreamSocket socket, int left, long[] lastId, Recorder<Integer> last) {
        if (left == 0) {
            lastId[0] = socket.read(ByteBuffer.allocate(1), null, last);
            return;
        }
        Recorder<Integer> read =
                bench().recorder(call -> next(socket, left - 1, lastId, last));
        socket.read(ByteBuffer.allocate(1), null, read);
    }

    private static long initiateParent(StreamSocket socket, Recorder<Integer> handler) {
        return socket.read(ByteBuffer.allocate(1), null, handler);
    }

    private static long initiateChild(StreamSocket socket, Recorder<Integer> handler) {
        return socket.read(ByteBuffer.allocate(1), null, handler);
    }

    private PendingOperation pending(long id) throws Exception {
        return bench().proactor().dumpPending().stream().filter(each -> each.id() == id)
                .findAny().orElseThrow();
    }

    @Test
    @DisplayName("T32 the failure of a composed operation carries the trace of its part")
    default void failureOfAFrameCarriesTheTrace() throws Exception {
        bench().open(options -> options.withTracing(true));
        Pair pair = bench().accepted();
        Recorder<ByteBuffer> frame = bench().recorder();
        pair.peer().send("\0\11abc");
        new Frames(pair.socket(), 2, 100).read(50, TimeUnit.MILLISECONDS, null, frame);
        assertThat(frame.failure(OperationTimedOutException.class).getSuppressed())
                .hasAtLeastOneElementOfType(OperationTrace.class);
    }
}
