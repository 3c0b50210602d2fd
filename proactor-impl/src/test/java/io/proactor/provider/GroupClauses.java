package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** AsynchronousChannelGroup: who runs handlers. */
interface GroupClauses extends Clauses {

    @Test
    default void groupNeedsAtLeastOneThreadAndAFactory() {
        assertThatThrownBy(() -> bench().provider().openAsynchronousChannelGroup(0,
                new GroupFactory())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bench().provider().openAsynchronousChannelGroup(1, null))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> bench().provider().openAsynchronousChannelGroup(null, 0))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    default void groupKnowsItsProvider() throws Exception {
        assertThat(bench().group().provider()).isSameAs(bench().provider());
        assertThat(bench().socket().provider()).isSameAs(bench().provider());
        assertThat(bench().server().provider()).isSameAs(bench().provider());
    }

    @Test
    default void foreignGroupIsRefused() throws Exception {
        AsynchronousChannelGroup foreign = new ForeignGroup(bench().provider());
        assertThatThrownBy(() -> bench().provider().openAsynchronousSocketChannel(foreign))
                .isInstanceOf(IllegalChannelGroupException.class);
        assertThatThrownBy(() -> bench().provider().openAsynchronousServerSocketChannel(foreign))
                .isInstanceOf(IllegalChannelGroupException.class);
    }

    @Test
    default void handlersRunOnThreadsOfTheFixedGroup() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.send("x");
        assertThat(read.value()).isEqualTo(1);
        assertThat(read.thread().getName()).startsWith(GroupFactory.PREFIX);
    }

    @Test
    default void fixedGroupRunsNoMoreHandlersAtATimeThanItHasThreads() throws Exception {
        AsynchronousChannelGroup one = bench().fixed(1);
        ChannelBench.Connected first = bench().connected(one);
        ChannelBench.Connected second = bench().connected(one);
        CountDownLatch blocks = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        first.channel().read(ByteBuffer.allocate(8), null, new Ended<Integer>() {
            @Override
            public void completed(Integer count, Object attachment) {
                running.countDown();
                await(blocks);
                super.completed(count, attachment);
            }
        });
        first.send("x");
        running.await();
        Ended<Integer> waits = new Ended<>();
        second.channel().read(ByteBuffer.allocate(8), null, waits);
        second.send("y");
        assertThat(waits.hasEnded()).isFalse();
        blocks.countDown();
        assertThat(waits.value()).isEqualTo(1);
    }

    @Test
    default void handlersRunOnTheGivenExecutor() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool(new GroupFactory());
        AsynchronousChannelGroup group = bench().keep(
                bench().provider().openAsynchronousChannelGroup(executor, 0));
        ChannelBench.Connected pair = bench().connected(group);
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.send("x");
        read.value();
        assertThat(read.thread().getName()).startsWith(GroupFactory.PREFIX);
    }

    @Test
    default void executorIsShutDownWithItsGroup() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(1, new GroupFactory());
        AsynchronousChannelGroup group =
                bench().provider().openAsynchronousChannelGroup(executor, 1);
        group.shutdown();
        assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(group.isTerminated()).isTrue();
    }

    @Test
    default void defaultGroupHasDaemonThreads() throws Exception {
        AsynchronousServerSocketChannel listener = bench().keep(
                bench().provider().openAsynchronousServerSocketChannel(null));
        listener.bind(ChannelBench.ANY_PORT);
        Ended<AsynchronousSocketChannel> accept = new Ended<>();
        listener.accept(null, accept);
        AsynchronousSocketChannel client = bench().keep(
                bench().provider().openAsynchronousSocketChannel(null));
        client.connect(listener.getLocalAddress()).get();
        bench().keep(accept.value());
        assertThat(accept.thread().isDaemon()).isTrue();
    }

    @Test
    default void handlersOfTheDefaultGroupMayBlockInAnyNumber() throws Exception {
        int count = 40;
        CountDownLatch all = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            ChannelBench.Connected pair = bench().connected((AsynchronousChannelGroup) null);
            pair.channel().read(ByteBuffer.allocate(8), null, new Ended<Integer>() {
                @Override
                public void completed(Integer read, Object attachment) {
                    all.countDown();
                    await(all);
                }
            });
            pair.send("x");
        }
        assertThat(all.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void groupIsAnExecutorOfItsThreads() throws Exception {
        Executor executor = (Executor) bench().group();
        CountDownLatch ran = new CountDownLatch(1);
        String[] name = new String[1];
        executor.execute(() -> {
            name[0] = Thread.currentThread().getName();
            ran.countDown();
        });
        assertThat(ran.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(name[0]).startsWith(GroupFactory.PREFIX);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A group that no provider here has made. */
    final class ForeignGroup extends AsynchronousChannelGroup {
        ForeignGroup(java.nio.channels.spi.AsynchronousChannelProvider provider) {
            super(provider);
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public void shutdown() {
            // It has nothing.
        }

        @Override
        public void shutdownNow() {
            // It has nothing.
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
