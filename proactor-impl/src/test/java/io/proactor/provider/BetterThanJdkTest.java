package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.proactor.contract.Descriptors;
import io.proactor.contract.Until;
import java.lang.reflect.Method;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.InterruptedByTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the Javadoc allows and the JDK's own provider does not keep. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class BetterThanJdkTest {

    private static final String KEEP = "proactor.provider.keepAfterTimeout";

    private static final int BLOCKING = 64;

    private final ChannelBench bench =
            new ChannelBench(new ProactorAsynchronousChannelProvider());

    @AfterEach
    void settle() throws Exception {
        System.clearProperty(KEEP);
        bench.close();
    }

    @Test
    void timerOfAReadThatHasEndedNeverKillsTheNext() throws Exception {
        for (int round = 0; round < 400; round++) {
            ChannelBench.Connected pair = bench.connected();
            Ended<Integer> first = new Ended<>();
            pair.channel().read(ByteBuffer.allocate(1), 1, TimeUnit.MILLISECONDS, null, first);
            long aim = System.nanoTime() + 900_000 + round * 500;
            while (System.nanoTime() < aim) {
                Thread.onSpinWait();
            }
            pair.send("x");
            if (first.failureOrNull() == null) {
                Ended<Integer> second = new Ended<>();
                pair.channel().read(ByteBuffer.allocate(1), 20, TimeUnit.SECONDS, null, second);
                pair.send("y");
                assertThat(second.value()).isEqualTo(1);
            }
            pair.channel().close();
            pair.peer().close();
        }
    }

    @Test
    void readGoesOnAfterATimeoutIfItMay() throws Exception {
        System.setProperty(KEEP, "true");
        ChannelBench.Connected pair = bench.connected();
        for (int round = 0; round < 50; round++) {
            Ended<Integer> late = new Ended<>();
            ByteBuffer target = ByteBuffer.allocate(8);
            pair.channel().read(target, 1, TimeUnit.MILLISECONDS, null, late);
            Throwable failure = late.failureOrNull();
            assertThat(failure).isInstanceOf(InterruptedByTimeoutException.class);
            pair.send("abc");
            ByteBuffer rest = ByteBuffer.allocate(3);
            while (rest.hasRemaining()) {
                assertThat(pair.channel().read(rest).get()).isPositive();
            }
            assertThat(ChannelBench.text(rest)).isEqualTo("abc");
        }
    }

    @Test
    void writeGoesOnAfterATimeoutWithEveryByte() throws Exception {
        System.setProperty(KEEP, "true");
        ChannelBench.Connected pair = bench.connected();
        long sum = 0;
        Throwable failure = null;
        while (failure == null) {
            ByteBuffer source = ByteBuffer.allocate(1 << 20);
            Ended<Integer> write = new Ended<>();
            pair.channel().write(source, 100, TimeUnit.MILLISECONDS, null, write);
            failure = write.failureOrNull();
            sum += source.position();
            assertThat(failure != null ? 0 : write.value()).isEqualTo(source.position());
        }
        Ended<Integer> last = new Ended<>();
        pair.channel().write(ChannelBench.bytes("end"), null, last);
        pair.drain(sum);
        assertThat(last.value()).isEqualTo(3);
        assertThat(pair.receive(3)).isEqualTo("end");
    }

    @Test
    void arenaMayBeClosedAfterATimeoutAndAfterAClose() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "java.lang.foreign is final in 22");
        for (boolean closing : new boolean[] {false, true}) {
            ChannelBench.Connected pair = bench.connected();
            AutoCloseable arena = SharedArena.open();
            Ended<Integer> read = new Ended<>();
            pair.channel().read(SharedArena.allocate(arena, 64), closing ? 0 : 20,
                    TimeUnit.MILLISECONDS, null, read);
            if (closing) {
                pair.channel().close();
            }
            read.failure();
            arena.close();
        }
    }

    @Test
    void scatteringReadWithoutRoomIsZeroAtOnce() throws Exception {
        ChannelBench.Connected pair = bench.connected();
        Ended<Long> scatter = new Ended<>();
        pair.channel().read(new ByteBuffer[0], 0, 0, 0, TimeUnit.SECONDS, null, scatter);
        assertThat(scatter.value()).isZero();
    }

    @Test
    void lingerAndTypeOfServiceAreOptions() throws Exception {
        AsynchronousSocketChannel channel = bench.connected().channel();
        channel.setOption(StandardSocketOptions.SO_LINGER, 5);
        channel.setOption(StandardSocketOptions.IP_TOS, 0x10);
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(5);
        assertThat(channel.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(0x10);
    }

    @Test
    void executorThatRefusesCostsNoHandler() throws Exception {
        AsynchronousChannelGroup group = bench.keep(bench.provider().openAsynchronousChannelGroup(
                new OddExecutor(true), 0));
        ChannelBench.Connected pair = bench.connected(group);
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.send("x");
        assertThat(read.value()).isEqualTo(1);
        assertThat(read.thread()).isNotInstanceOf(ProcessorThread.class);
    }

    @Test
    void executorThatRunsTasksAtOnceRunsNoHandlerOnTheProcessor() throws Exception {
        AsynchronousChannelGroup group = bench.keep(bench.provider().openAsynchronousChannelGroup(
                new OddExecutor(false), 0));
        ChannelBench.Connected pair = bench.connected(group);
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.send("x");
        assertThat(read.value()).isEqualTo(1);
        assertThat(read.thread()).isNotInstanceOf(ProcessorThread.class);
    }

    @Test
    void executorThatDropsATaskCostsNoHandler() throws Exception {
        OddExecutor executor = new OddExecutor(false);
        AsynchronousChannelGroup group = bench.keep(
                bench.provider().openAsynchronousChannelGroup(executor, 0));
        ChannelBench.Connected pair = bench.connected(group);
        ChannelBench.Connected other = bench.connected(group);
        Ended<Integer> dropped = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, dropped);
        executor.dropping = true;
        pair.send("x");
        executor.awaitDrop();
        executor.dropping = false;
        Ended<Integer> pause = new Ended<>();
        bench.connected().channel().read(ByteBuffer.allocate(8), 200, TimeUnit.MILLISECONDS,
                null, pause);
        pause.failure();
        Ended<Integer> next = new Ended<>();
        other.channel().read(ByteBuffer.allocate(8), null, next);
        other.send("y");
        assertThat(next.value()).isEqualTo(1);
        assertThat(dropped.value()).isEqualTo(1);
    }

    @Test
    void handlersThatBlockHoldUpNoOther() throws Exception {
        AsynchronousChannelGroup group = bench.keep(bench.provider().openAsynchronousChannelGroup(
                Executors.newCachedThreadPool(), 0));
        CountDownLatch all = new CountDownLatch(BLOCKING);
        List<ChannelBench.Connected> pairs = new ArrayList<>();
        for (int i = 0; i < BLOCKING; i++) {
            ChannelBench.Connected pair = bench.connected(group);
            pairs.add(pair);
            pair.channel().read(ByteBuffer.allocate(8), null, new Ended<Integer>() {
                @Override
                public void completed(Integer count, Object attachment) {
                    all.countDown();
                    try {
                        all.await();  // each for all others
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }
        for (ChannelBench.Connected pair : pairs) {
            pair.send("x");
        }
        assertThat(all.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void timeoutsNeedNoThread() throws Exception {
        ChannelBench.Connected pair = bench.connected();
        int before = Thread.activeCount();
        for (int i = 0; i < 100; i++) {
            Ended<Integer> read = new Ended<>();
            pair.channel().read(ByteBuffer.allocate(8), 5, TimeUnit.SECONDS, null, read);
            pair.send("x");
            read.value();
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(before);
    }

    @Test
    void groupThatHasEndedLeavesNoThreadAndNoDescriptor() throws Exception {
        bench.connected();  // what is loaded once stays
        Set<String> before = Descriptors.list();
        assumeFalse(before.isEmpty(), "the system does not list descriptors");
        AsynchronousChannelGroup group = bench.fixed(2);
        for (int i = 0; i < 50; i++) {
            ChannelBench.Connected pair = bench.connected(group);
            pair.channel().read(ByteBuffer.allocate(8), null, new Ended<>());
            pair.peer().close();
            bench.provider().openAsynchronousSocketChannel(group).bind(ChannelBench.ANY_PORT);
            AsynchronousServerSocketChannel server =
                    bench.provider().openAsynchronousServerSocketChannel(group);
            server.getOption(StandardSocketOptions.SO_RCVBUF);
            if (i % 2 == 0) {
                server.bind(ChannelBench.ANY_PORT).accept();
            }
        }
        String name = group.toString().substring(0, group.toString().indexOf('['));
        assertThat(threadsNamed(name)).isPositive();
        group.shutdownNow();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        // The peers that the test itself closed, too, are closed by now.
        Until.until("no descriptor is left", () -> Descriptors.openedSince(before).isEmpty());
        assertThat(threadsNamed(name + "-loop")).isZero();
    }

    private static long threadsNamed(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix)).count();
    }

    /** java.lang.foreign.Arena, by name: these sources are compiled for Java 17. */
    private static final class SharedArena {

        private SharedArena() {}

        static AutoCloseable open() throws ReflectiveOperationException {
            return (AutoCloseable) Class.forName("java.lang.foreign.Arena")
                    .getMethod("ofShared").invoke(null);
        }

        static ByteBuffer allocate(AutoCloseable arena, long bytes)
                throws ReflectiveOperationException {
            Method allocate = Class.forName("java.lang.foreign.SegmentAllocator")
                    .getMethod("allocate", long.class);
            Object segment = allocate.invoke(arena, bytes);
            return (ByteBuffer) Class.forName("java.lang.foreign.MemorySegment")
                    .getMethod("asByteBuffer").invoke(segment);
        }
    }

    /** Refuses everything, or runs it on the thread that submits it, or drops it. */
    private static final class OddExecutor extends AbstractExecutorService {

        private final boolean refusing;
        private final CountDownLatch drops = new CountDownLatch(1);
        private volatile boolean dropping;
        private volatile boolean shutdown;

        OddExecutor(boolean refusing) {
            this.refusing = refusing;
        }

        @Override
        public void execute(Runnable task) {
            if (refusing) {
                throw new RejectedExecutionException("by a test");
            }
            if (dropping) {
                drops.countDown();
            } else {
                task.run();
            }
        }

        void awaitDrop() throws InterruptedException {
            assertThat(drops.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
