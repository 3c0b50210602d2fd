package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T04: a handler that throws costs its own connection, and nobody anything else. */
interface ThrowContract extends Contract {

    @Test
    @DisplayName("T04 an exception is reported once with operation and session; failed is not "
            + "called")
    default void runtimeExceptionIsReportedOnceAndClosesItsConnection() throws Exception {
        assertReportedOnce(new IllegalStateException("thrown by a test"));
    }

    @Test
    @DisplayName("T04 so is an error")
    default void errorIsReportedOnceAndClosesItsConnection() throws Exception {
        assertReportedOnce(new AssertionError("thrown by a test"));
        assertReportedOnce(new StackOverflowError("thrown by a test"));
    }

    private void assertReportedOnce(Throwable thrown) throws Exception {
        Pair pair = bench().accepted();
        Pair bystander = bench().accepted();
        Recorder<Integer> bystanding = bystander.read(ByteBuffer.allocate(8));
        Recorder<Integer> read = bench().recorder(call -> Sneaky.raise(thrown));
        long id = pair.socket().read(ByteBuffer.allocate(8), null, read);
        pair.peer().send("x");
        assertThat(read.value()).isEqualTo(1);
        ListenerRecord.Thrown report = bench().listener().takeThrown();
        assertThat(report.thrown()).isSameAs(thrown);
        assertThat(report.operationId()).isEqualTo(id);
        assertThat(report.session()).isSameAs(pair.socket());
        pair.peer().assertGone();
        assertThat(pair.socket().isOpen()).isFalse();
        bystander.peer().send("y");
        assertThat(bystanding.value()).isEqualTo(1);
        bystander.roundTrips();
        assertThat(read.calls()).as("failed is no second notification").isEqualTo(1);
        assertThat(bench().listener().thrown()).isEmpty();
    }

    @Test
    @DisplayName("T04 what failed throws is reported in the same way")
    default void throwingFailureHandlerIsReportedOnce() throws Exception {
        Pair pair = bench().accepted();
        RuntimeException thrown = new IllegalStateException("thrown by a test");
        Recorder<Integer> read = bench().recorder(call -> Sneaky.raise(thrown));
        long id = pair.socket().read(ByteBuffer.allocate(8), null, read);
        assertThat(pair.socket().cancel(id)).isTrue();
        assertThat(bench().listener().takeThrown())
                .isEqualTo(new ListenerRecord.Thrown(thrown, id, pair.socket()));
        pair.peer().assertGone();
        assertThat(read.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("T04 other operations of the connection end, each once, when its handler throws")
    default void pendingOperationsOfTheConnectionEndOnce() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> pending = pair.read(ByteBuffer.allocate(8));
        Recorder<Integer> write = bench().recorder(call -> Sneaky.raise(new Error("test")));
        pair.socket().write(Bytes.of("x"), null, write);
        bench().listener().takeThrown();
        assertThat(pending.cause()).isInstanceOf(io.proactor.SocketClosedException.class);
    }

    @Test
    @DisplayName("T04 the dispatcher's threads stay the same ones, however many handlers throw")
    default void threadsSurviveThrowingHandlers() throws Exception {
        bench().open(options -> bench().dispatch() == Dispatch.POOLED
                ? options.withPooledDispatcher(1) : options.withLoops(1));
        Pair bystander = bench().accepted();
        bystander.roundTrips();
        List<String> before = Settlement.threads();
        bystander.peer().send("x");
        Thread dispatcher = bystander.read(ByteBuffer.allocate(1)).thread();
        for (int i = 0; i < 50; i++) {
            Recorder<String> post = bench().recorder(call -> Sneaky.raise(new Error("test")));
            bench().proactor().post("posted", null, post);
            ListenerRecord.Thrown report = bench().listener().takeThrown();
            assertThat(report.session()).isNull();
            if (bench().dispatch() != Dispatch.EXECUTOR) {
                assertThat(post.thread()).isSameAs(dispatcher);
            }
        }
        assertThat(Settlement.threads()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(bench().libraryThreads()).hasSize(before.size());
        bystander.roundTrips();
    }

    @Test
    @DisplayName("T04 a timer whose handler threw can be scheduled again")
    default void timerSurvivesThrowingHandler() throws Exception {
        Timer timer = bench().keep(bench().proactor().newTimer());
        Recorder<Void> tick = bench().recorder(call -> Sneaky.raise(new Error("test")));
        long id = timer.schedule(1, TimeUnit.MILLISECONDS, null, tick);
        ListenerRecord.Thrown report = bench().listener().takeThrown();
        assertThat(report.operationId()).isEqualTo(id);
        assertThat(report.session()).isSameAs(timer);
        Recorder<Void> again = bench().recorder();
        timer.schedule(1, TimeUnit.MILLISECONDS, null, again);
        again.value();
    }

    @Test
    @DisplayName("T04 a connection whose accept handler throws is closed; the acceptor goes on")
    default void acceptorSurvivesThrowingHandler() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        Recorder<Accepted> accept = bench().recorder(call -> Sneaky.raise(new Error("test")));
        long id = acceptor.accept(null, accept);
        Peer unlucky = bench().connectTo(acceptor);
        ListenerRecord.Thrown report = bench().listener().takeThrown();
        assertThat(report.operationId()).isEqualTo(id);
        assertThat(report.session()).isSameAs(accept.value().socket());
        unlucky.assertGone();
        assertThat(acceptor.isOpen()).isTrue();
        bench().accepted(acceptor).roundTrips();
        assertThat(accept.calls()).isEqualTo(1);
    }

    @Test
    @DisplayName("T04 with acceptAll, too: each throw closes one connection")
    default void acceptAllSurvivesThrowingHandler() throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults());
        acceptor.acceptAll(accepted -> Sneaky.raise(new Error("test")));
        for (int i = 0; i < 20; i++) {
            bench().connectTo(acceptor).assertGone();
            assertThat(bench().listener().takeThrown().session())
                    .isInstanceOf(StreamSocket.class);
        }
    }

    @Test
    @DisplayName("T04 a connection whose connect handler throws is closed")
    default void throwingConnectHandlerClosesTheConnection() throws Exception {
        var server = bench().server(8);
        Recorder<StreamSocket> connect = bench().recorder(call -> Sneaky.raise(new Error("test")));
        long id = bench().proactor().connect(server.getLocalSocketAddress(), null, connect);
        ListenerRecord.Thrown report = bench().listener().takeThrown();
        assertThat(report.operationId()).isEqualTo(id);
        assertThat(report.session()).isSameAs(connect.value());
        bench().keep(new Peer(server.accept())).assertGone();
    }
}
