package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.Strand;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T02 and T03: where a handler runs, and where it never does. */
interface DispatchContract extends Contract {

    /** Data is there before each read, so an implementation that can complete at once will. */
    @Test
    @DisplayName("T02 a handler runs on another thread, without a frame of the initiating call")
    default void handlerNeverRunsInsideTheInitiatingCall() throws Exception {
        Pair pair = bench().accepted();
        for (int i = 0; i < 200; i++) {
            pair.peer().send("x");
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
            assertThat(read.value()).isEqualTo(1);
            assertOutside(read);
            Recorder<Integer> write = pair.write(Bytes.of("y"));
            assertThat(write.value()).isEqualTo(1);
            assertOutside(write);
        }
    }

    @Test
    @DisplayName("T02 operations that need no system call are not completed inside it either")
    default void handlerOfTrivialOperationNeverRunsInside() throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> emptyRead = pair.read(ByteBuffer.allocate(0));
        Recorder<Integer> emptyWrite = pair.write(ByteBuffer.allocate(0));
        emptyRead.value();
        Recorder<Void> timer = bench().recorder();
        bench().keep(bench().proactor().newTimer()).schedule(0, TimeUnit.MILLISECONDS, null, timer);
        Recorder<String> post = bench().recorder();
        bench().proactor().post("posted", null, post);
        pair.socket().close();
        Recorder<Integer> late = pair.read(ByteBuffer.allocate(8));
        for (Recorder<?> each : Arrays.asList(emptyRead, emptyWrite, timer, post, late)) {
            assertOutside(each);
        }
    }

    @Test
    @DisplayName("T02 2,000 reads that are satisfied at once, each initiated by a handler, nest by "
            + "1")
    default void handlersThatInitiateDoNotNest() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send(new byte[2_000]);
        Chain chain = new Chain(pair.socket(), 2_000, () -> true);
        chain.start();
        chain.await();
        assertThat(chain.deepest()).isEqualTo(1);
    }

    @Test
    @DisplayName("T02 what a handler posts does not run before the handler is through on its "
            + "thread")
    default void postedHandlersDoNotNest() throws Exception {
        Proactor proactor = bench().proactor();
        ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);
        AtomicInteger nested = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(2_000);
        Recorder.Posted<Integer> handler = value -> {
            depth.set(depth.get() + 1);
            nested.addAndGet(depth.get() - 1);
            left.countDown();
            depth.set(depth.get() - 1);
        };
        proactor.post(0, null, new Recorder.Posted<Integer>() {
            @Override
            public void run(Integer value) {
                handler.run(value);
                if (left.getCount() > 0) {
                    proactor.post(value + 1, null, this);
                }
            }
        });
        Bench.pass(left);
        assertThat(nested.get()).isZero();
    }

    @Test
    @DisplayName("T03 every thread of the library is made by the user's factory and carries the "
            + "prefix")
    default void threadsComeFromTheFactory() throws Exception {
        Pair pair = bench().accepted();
        pair.write(Bytes.of("x")).value();
        List<String> made = bench().libraryThreads().stream().map(Thread::getName).toList();
        assertThat(made).isNotEmpty().allMatch(name -> name.matches("proactor-\\d+-[a-z0-9-]+"));
        assertThat(made).containsAll(Settlement.threads());
    }

    @Test
    @DisplayName("T03 handlers run on the threads that the dispatcher says, and on no others")
    default void handlersRunOnTheDispatchersThreads() throws Exception {
        ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        int connections = 8;
        for (int i = 0; i < connections; i++) {
            Pair pair = bench().accepted();
            pair.peer().send("xx");
            for (int j = 0; j < 2; j++) {
                threads.add(pair.read(ByteBuffer.allocate(1)).thread());
                threads.add(pair.write(Bytes.of("y")).thread());
            }
            Recorder<String> post = bench().recorder();
            bench().proactor().post("posted", null, post);
            threads.add(post.thread());
        }
        int most = bench().dispatch() == Dispatch.LOOP ? Bench.LOOPS : Bench.CONCURRENCY;
        assertThat(threads.stream().distinct().count()).isLessThanOrEqualTo(most);
        if (bench().dispatch() == Dispatch.EXECUTOR) {
            assertThat(threads).allMatch(thread -> thread.getName().equals("contract-executor"));
        } else {
            assertThat(bench().libraryThreads()).containsAll(threads);
        }
    }

    /** A worker that performs would be seen in a handler's stack by its class. */
    @Test
    @DisplayName("T03 threads that perform operations never run handlers, unless they are the "
            + "dispatcher")
    default void workersDoNotRunHandlers() throws Exception {
        Pair pair = bench().accepted();
        pair.peer().send("x");
        String handler = pair.read(ByteBuffer.allocate(1)).thread().getName();
        boolean loop = handler.matches("proactor-\\d+-loop-\\d+");
        assertThat(loop).as(handler).isEqualTo(bench().dispatch() == Dispatch.LOOP);
    }

    @Test
    @DisplayName("T03 with the loop dispatcher, all handlers of a connection run on one thread")
    default void connectionStaysOnItsLoop() throws Exception {
        Require.loop(bench());
        for (int i = 0; i < 2 * Bench.LOOPS; i++) {
            Pair pair = bench().accepted();
            pair.peer().send("xxx");
            Thread loop = pair.read(ByteBuffer.allocate(1)).thread();
            assertThat(pair.write(Bytes.of("y")).thread()).isSameAs(loop);
            assertThat(pair.read(ByteBuffer.allocate(1)).thread()).isSameAs(loop);
        }
    }

    private static void assertOutside(Recorder<?> call) throws InterruptedException {
        assertThat(call.thread()).isNotSameAs(Thread.currentThread());
        assertThat(call.stack()).extracting(StackTraceElement::getClassName)
                .doesNotContain(StreamSocket.class.getName(), DispatchContract.class.getName());
    }

    @Test
    @DisplayName("An interrupt that a handler leaves behind does not reach the next handler")
    default void interruptOfOneHandlerIsNotTheNextOnes() throws Exception {
        Strand strand = bench().proactor().newStrand();
        AtomicInteger interrupted = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        strand.execute(() -> {
            for (int i = 0; i < 10; i++) {
                strand.execute(() -> {
                    if (Thread.currentThread().isInterrupted()) {
                        interrupted.incrementAndGet();
                    }
                    Thread.currentThread().interrupt();
                });
            }
            strand.execute(done::countDown);
        });
        Bench.pass(done);
        assertThat(interrupted).hasValue(0);
    }
}
