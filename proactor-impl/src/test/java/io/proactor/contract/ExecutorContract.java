package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The executor dispatcher keeps every promise, whatever kind of executor it is given. */
interface ExecutorContract extends Contract {

    @Test
    @DisplayName("T28 with a new thread for each task, a socket's handlers keep their order")
    default void threadPerTaskKeepsTheOrder() throws Exception {
        openOn(task -> new Thread(task, "contract-task").start());
        assertOrderOfWrites();
    }

    @Test
    @DisplayName("T28 with virtual threads, a socket's handlers keep their order, and may block")
    default void virtualThreadsKeepTheOrderAndMayBlock() throws Exception {
        Require.executor(bench());
        Optional<ExecutorService> virtual = virtualThreads();
        Assumptions.assumeTrue(virtual.isPresent(), "Virtual threads came with Java 21.");
        bench().keep(virtual.get()::shutdown);
        openOn(virtual.get());
        assertOrderOfWrites();
        Pair pair = bench().accepted();
        var leave = bench().gate();
        Recorder<Integer> blocked = bench().recorder(call -> Bench.pass(leave));
        pair.socket().write(Bytes.of("x"), null, blocked);
        blocked.awaitEntry();
        bench().accepted().roundTrips();
        leave.countDown();
    }

    private static Optional<ExecutorService> virtualThreads() throws Exception {
        try {
            return Optional.of((ExecutorService) Executors.class
                    .getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private void assertOrderOfWrites() throws Exception {
        Pair pair = bench().accepted();
        List<Integer> order = new ArrayList<>();
        List<Recorder<Integer>> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int number = i;
            Recorder<Integer> write = bench().recorder(call -> order.add(number));
            pair.socket().write(Bytes.of("x"), null, write);
            writes.add(write);
        }
        for (Recorder<Integer> write : writes) {
            assertThat(write.value()).isEqualTo(1);
        }
        assertThat(order).containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
    }

    @Test
    @DisplayName("T02 an executor that runs tasks at once does not bring handlers into the call")
    default void directExecutorDoesNotRunHandlersInside() throws Exception {
        openOn(Runnable::run);
        Pair pair = bench().accepted();
        for (int i = 0; i < 50; i++) {
            pair.peer().send("x");
            Recorder<Integer> read = pair.read(ByteBuffer.allocate(1));
            assertThat(read.value()).isEqualTo(1);
            assertThat(read.thread()).isNotSameAs(Thread.currentThread());
            Recorder<String> post = bench().recorder();
            bench().proactor().post("posted", null, post);
            assertThat(post.thread()).isNotSameAs(Thread.currentThread());
            assertThat(post.stack()).extracting(StackTraceElement::getClassName)
                    .doesNotContain(Proactor.class.getName(), StreamSocket.class.getName());
        }
    }

    @Test
    @DisplayName("T01 an executor that refuses tasks costs no completion")
    default void refusingExecutorCostsNoCompletion() throws Exception {
        Require.executor(bench());
        ExecutorService shortLived = Executors.newSingleThreadExecutor();
        openOn(shortLived);
        Pair pair = bench().accepted();
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(8));
        shortLived.shutdown();
        Recorder<Integer> write = pair.write(Bytes.of("x"));
        assertThat(write.value()).isEqualTo(1);
        pair.socket().close();
        read.failure(SocketClosedException.class);
    }

    @Test
    @DisplayName("T01 one that refuses every other task costs none either, and keeps the order")
    default void fickleExecutorKeepsTheOrder() throws Exception {
        Require.executor(bench());
        int[] tasks = {0};
        Executor steady = bench().executor();
        openOn(task -> {
            synchronized (tasks) {
                if (++tasks[0] % 2 == 0) {
                    throw new RejectedExecutionException("thrown by a test");
                }
            }
            steady.execute(task);
        });
        assertOrderOfWrites();
    }

    private void openOn(Executor executor) throws Exception {
        Require.executor(bench());
        bench().open(options -> options.withExecutorDispatcher(executor));
    }
}
