package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** CompletionHandler: how it is called, and what becomes of one that throws. */
interface HandlerClauses extends Clauses {

    /** Descriptors tell a handler's method from the bridge that calls it. */
    StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    @Test
    default void handlersOnAStackAreBounded() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        int count = 10_000;
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(count);
        AtomicInteger deepest = new AtomicInteger();
        CompletionHandler<Integer, Object> chain = new CompletionHandler<>() {
            @Override
            public void completed(Integer written, Object attachment) {
                deepest.accumulateAndGet(depth(), Math::max);
                if (left.decrementAndGet() == 0) {
                    done.countDown();
                } else {
                    pair.channel().write(ByteBuffer.allocate(0), null, this);
                }
            }

            @Override
            public void failed(Throwable failure, Object attachment) {
                throw new AssertionError(failure);
            }

            private int depth() {
                long count = WALKER.walk(frames -> frames
                        .filter(frame -> frame.getMethodName().equals("completed")
                                && frame.getDescriptor().startsWith("(Ljava/lang/Integer;")
                                && frame.getClassName().contains("HandlerClauses")).count());
                return (int) count;
            }
        };
        pair.channel().write(ByteBuffer.allocate(0), null, chain);
        assertThat(done.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(deepest.get()).isBetween(1, 16);
    }

    @Test
    default void handlerNeverRunsOnAThreadThatIsNotOfTheGroup() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        pair.send("x");
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        assertThat(read.thread().getName()).startsWith(GroupFactory.PREFIX);
        Ended<Integer> write = new Ended<>();
        pair.channel().write(ByteBuffer.allocate(8), null, write);
        assertThat(write.thread().getName()).startsWith(GroupFactory.PREFIX);
    }

    @Test
    default void handlersOfOneChannelMayWaitForEachOther() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        CountDownLatch written = new CountDownLatch(1);
        Ended<Integer> read = new Ended<>() {
            @Override
            public void completed(Integer count, Object attachment) {
                try {
                    Ended<Integer> write = new Ended<>();
                    pair.channel().write(ByteBuffer.allocate(1), null, write);
                    write.value();
                    pair.channel().write(ByteBuffer.allocate(1)).get();
                    written.countDown();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        };
        pair.channel().read(ByteBuffer.allocate(8), null, read);
        pair.send("x");
        assertThat(written.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    default void handlerThatThrowsEndsItsThreadAndThePoolKeepsItsSize() throws Exception {
        GroupFactory factory = new GroupFactory();
        AsynchronousChannelGroup group = bench().keep(
                bench().provider().openAsynchronousChannelGroup(1, factory));
        ChannelBench.Connected pair = bench().connected(group);
        int throwing = 20;
        for (int i = 0; i < throwing; i++) {
            CountDownLatch called = new CountDownLatch(1);
            pair.channel().read(ByteBuffer.allocate(1), null, new Ended<Integer>() {
                @Override
                public void completed(Integer count, Object attachment) {
                    called.countDown();
                    throw new IllegalStateException("thrown by a test's handler");
                }
            });
            pair.send("x");
            assertThat(called.await(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        Ended<Integer> last = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(1), null, last);
        pair.send("y");
        assertThat(last.value()).isEqualTo(1);
        assertThat(factory.uncaught(throwing)).isEqualTo(throwing);
        assertThat(pair.channel().isOpen()).isTrue();
    }

    @Test
    default void interruptOfAHandlerDoesNotReachTheNext() throws Exception {
        AsynchronousChannelGroup group = bench().fixed(1);
        ChannelBench.Connected pair = bench().connected(group);
        Ended<Integer> second = new Ended<>();
        boolean[] interrupted = new boolean[1];
        pair.channel().write(ByteBuffer.allocate(0), null, new Ended<Integer>() {
            @Override
            public void completed(Integer count, Object attachment) {
                Thread.currentThread().interrupt();
            }
        });
        pair.channel().read(ByteBuffer.allocate(0), null, new Ended<Integer>() {
            @Override
            public void completed(Integer count, Object attachment) {
                interrupted[0] = Thread.currentThread().isInterrupted();
                second.completed(count, attachment);
            }
        });
        second.value();
        assertThat(interrupted[0]).isFalse();
    }

    @Test
    default void channelThatRestsKeepsNoHandler() throws Exception {
        ChannelBench.Connected pair = bench().connected();
        WeakReference<Object> handler = readWithWeakHandler(pair);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Ended.PATIENCE_SECONDS);
        while (handler.get() != null && System.nanoTime() < deadline) {
            System.gc();
            pair.channel().write(ByteBuffer.allocate(1)).get();
        }
        assertThat(handler.get()).isNull();
    }

    private static WeakReference<Object> readWithWeakHandler(ChannelBench.Connected pair)
            throws Exception {
        Ended<Integer> read = new Ended<>();
        pair.channel().read(ByteBuffer.allocate(8), read, read);
        pair.send("x");
        read.value();
        return new WeakReference<>(read);
    }
}
