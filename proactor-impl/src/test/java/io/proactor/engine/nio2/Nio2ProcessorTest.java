package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.OperationCancelledException;
import io.proactor.ProactorShutdownException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import io.proactor.spi.DispatcherChoice;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Opening, failing and ending, and what belongs to neither direction of a connection. */
final class Nio2ProcessorTest {

    @Test
    void loopDispatcherIsRefusedInAFullSentence() {
        ProcessorContext context = new ProcessorContext(1, new DispatcherChoice.Loop(), 0,
                Nio2Bench::daemon, "nio2-refused-", new RecordingListener());
        assertThatThrownBy(() -> new Nio2ProcessorProvider().open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The nio2 processor offers no loop dispatcher; choose pooled or"
                        + " executor.");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("nio2-refused-"));
    }

    @Test
    void abortEndsEverythingAndGivesEverythingBack() throws Exception {
        Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
        Nio2Bench.Pair pair = bench.connected();
        Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
        Recorded<Integer> write = bench.write(pair.handle(), ByteBuffer.allocate(64 << 20));
        assertThat(pair.receive(1)).as("some of it is out").hasSize(1);
        Recorded<Object> accept = bench.accept(bench.listen());
        TimerHandle timer = bench.processor.openTimer();
        Recorded<Void> tick = bench.wait(timer, TimeUnit.HOURS.toNanos(1));
        StreamHandle unconnected = bench.processor.openStream();
        bench.closeCleanly();
        read.failure(ProactorShutdownException.class);
        assertThat(write.failure(ProactorShutdownException.class).bytesMoved())
                .isBetween(1L, (64L << 20) - 1);
        accept.failure(ProactorShutdownException.class);
        tick.failure(ProactorShutdownException.class);
        assertThat(List.of(pair.handle().terminated(), timer.terminated(),
                unconnected.terminated())).containsOnly(true);
    }

    /** As when the system refuses to wait for events: the JDK's threads end without a word. */
    @Test
    void deathOfTheGroupFailsEverything() throws Exception {
        Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT, 1);
        Nio2Bench.Pair pair = bench.connected();
        Recorded<Integer> read = bench.read(pair.handle(), ByteBuffer.allocate(8), 1);
        Recorded<Integer> write = bench.write(pair.handle(), ByteBuffer.allocate(64 << 20));
        Recorded<Object> accept = bench.accept(bench.listen());
        TimerHandle timer = bench.processor.openTimer();
        CountDownLatch dead = new CountDownLatch(1);
        try {
            bench.processor.pass(() -> await(dead));
            new GroupWatch(bench.processor, 2_000_000).start();
            read.failure(TransferFailedException.class);
            write.failure(TransferFailedException.class);
            accept.failure(TransferFailedException.class);
            assertThat(bench.listener.failures).hasSize(1);
            Nio2Bench.until("the socket is closed", pair.handle()::terminated);
            assertThatThrownBy(bench::listen).isInstanceOf(IOException.class);
            StreamHandle late = bench.processor.openStream();
            assertThat(late.isOpen()).isFalse();
            assertThat(bench.wait(timer, 1_000_000).cause()).as("timers go on").isNull();
        } finally {
            dead.countDown();
        }
        bench.close();
        assertThat(List.of(read.calls(), write.calls(), accept.calls())).containsOnly(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void watchIsContentWithAGroupThatAnswers() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            new GroupWatch(bench.processor, 100_000_000).start();
            for (int i = 0; i < 2_000; i++) {
                pair.send("x");
                assertThat(bench.readText(pair.handle(), 1)).isEqualTo("x");
            }
            assertThat(bench.listener.failures).isEmpty();
        }
    }

    @Test
    void cancelledConnectIsForgottenWhenTheJdkAnswersLate() throws Exception {
        AtomicReference<CompletionHandler<Void, @Nullable Void>> held = new AtomicReference<>();
        Nio2Calls calls = new PassingCalls() {
            @Override
            public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
                    CompletionHandler<Void, @Nullable Void> handler) {
                if (!held.compareAndSet(null, handler)) {
                    super.connect(channel, remote, handler);
                }
            }
        };
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            StreamHandle handle = bench.processor.openStream();
            Recorded<Object> cancelled = bench.connect(handle, bench.serverAddress());
            Nio2Bench.until("a physical connect", () -> held.get() != null);
            assertThat(bench.cancel(cancelled)).isTrue();
            cancelled.failure(OperationCancelledException.class);
            bench.connect(handle, bench.serverAddress()).value();
            SocketAddress local = handle.localAddress();
            assertThat(local).isNotNull();
            handle.close();
            assertThat(handle.terminated()).as("a call is still with the JDK").isFalse();
            held.get().completed(null, null);
            Nio2Bench.until("terminated", handle::terminated);
            assertThat(handle.localAddress()).isEqualTo(local);
        }
    }

    @Test
    void connectThatTheJdkThrowsAtFailsAtItsHandler() throws Exception {
        Nio2Calls calls = new PassingCalls() {
            @Override
            public void connect(AsynchronousSocketChannel channel, SocketAddress remote,
                    CompletionHandler<Void, @Nullable Void> handler) {
                throw new IllegalArgumentException("thrown by the test");
            }
        };
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            StreamHandle handle = bench.processor.openStream();
            assertThat(bench.connect(handle, bench.serverAddress()).failure(IOException.class))
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(handle.isOpen()).isTrue();
            assertThat(handle.remoteAddress()).isNull();
        }
    }

    @Test
    void operationsOfAClosedHandleEndAtOnce() throws Exception {
        AtomicReference<CompletionHandler<Integer, @Nullable Void>> held = new AtomicReference<>();
        Nio2Calls calls = new PassingCalls() {
            @Override
            public void read(AsynchronousSocketChannel channel, ByteBuffer target,
                    CompletionHandler<Integer, @Nullable Void> handler) {
                held.set(handler);
            }
        };
        try (Nio2Bench bench = new Nio2Bench(calls)) {
            Nio2Bench.Pair pair = bench.connected();
            bench.read(pair.handle(), ByteBuffer.allocate(1), 1);
            Nio2Bench.until("a physical read", () -> held.get() != null);
            pair.handle().close();
            for (int i = 0; i < 10; i++) {
                bench.write(pair.handle(), bytes("late")).failure(SocketClosedException.class);
            }
            held.get().failed(new AsynchronousCloseException(), null);
            Nio2Bench.until("terminated", pair.handle()::terminated);
            assertThat(pair.handle().claim(pair.handle().read())).isFalse();
        }
    }

    @Test
    void timersFireAndAreCancelled() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            TimerHandle timer = bench.processor.openTimer();
            assertThat(bench.wait(timer, 5_000_000).cause()).isNull();
            assertThat(bench.wait(timer, -1).cause()).isNull();
            Recorded<Void> cancelled = bench.wait(timer, TimeUnit.HOURS.toNanos(1));
            assertThat(bench.cancel(cancelled)).isTrue();
            cancelled.failure(OperationCancelledException.class);
            assertThat(bench.processor.clock().armed()).as("the group's watch").isEqualTo(1);
        }
    }

    @Test
    void unresolvedAndUnsupportedAddressesAreIoFailures() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            StreamHandle handle = bench.processor.openStream();
            SocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
            assertThat(bench.connect(handle, nowhere).cause())
                    .isExactlyInstanceOf(UnknownHostException.class)
                    .hasMessage("nowhere.invalid");
            assertThatThrownBy(() -> bench.processor.listen(nowhere, 0))
                    .isExactlyInstanceOf(UnknownHostException.class);
            SocketAddress path = UnixDomainSocketAddress.of("unsupported");
            assertThat(bench.connect(handle, path).cause()).isExactlyInstanceOf(IOException.class);
            ListenHandle listener = bench.listen();
            assertThatThrownBy(() -> bench.processor.listen(path, 0))
                    .isExactlyInstanceOf(IOException.class);
            listener.close();
        }
    }
}
