package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Proactor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T06: completions of the application's own. */
interface PostContract extends Contract {

    /** One of 4 threads' 250 values. */
    record Parcel(int poster, int number) {}

    /**
     * How often each handler was called; the first so many posts were accepted, the next was not.
     */
    record Calls(AtomicIntegerArray counts, int accepted) {}

    @Test
    @DisplayName("T06 4 threads post 250 values each: 1,000 deliveries, each value once")
    default void everyPostedValueIsDeliveredOnce() throws Exception {
        List<Parcel> delivered = postFromFourThreads(bench().proactor());
        assertThat(delivered).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("T06 with concurrency 1, each thread's values are delivered in its order")
    default void valuesOfOneThreadStayInOrderWithConcurrencyOne() throws Exception {
        Require.pooled(bench());
        List<Parcel> delivered = postFromFourThreads(
                bench().open(options -> options.withPooledDispatcher(1)));
        assertThat(delivered).hasSize(1_000).doesNotHaveDuplicates();
        for (int poster = 0; poster < 4; poster++) {
            int sender = poster;
            assertThat(delivered.stream().filter(each -> each.poster() == sender)
                    .map(Parcel::number))
                    .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList());
        }
    }

    private List<Parcel> postFromFourThreads(Proactor proactor) throws Exception {
        List<Parcel> delivered = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(1_000);
        Recorder.Posted<Parcel> handler = parcel -> {
            synchronized (delivered) {
                delivered.add(parcel);
            }
            left.countDown();
        };
        List<Future<Void>> posters = new ArrayList<>();
        for (int poster = 0; poster < 4; poster++) {
            int sender = poster;
            posters.add(bench().start(() -> {
                for (int i = 0; i < 250; i++) {
                    proactor.post(new Parcel(sender, i), null, handler);
                }
                return null;
            }));
        }
        for (Future<Void> each : posters) {
            Bench.join(each);
        }
        Bench.pass(left);
        return delivered;
    }

    @Test
    @DisplayName("T06 value and attachment arrive as they were posted, null included")
    default void valueAndAttachmentArrive() throws Exception {
        Object value = new Object();
        Object attachment = new Object();
        Recorder<Object> post = bench().recorder();
        bench().proactor().post(value, attachment, post);
        assertThat(post.value()).isSameAs(value);
        assertThat(post.attachment()).isSameAs(attachment);
        Recorder<Object> nothing = bench().recorder();
        bench().proactor().post(null, null, nothing);
        assertThat(nothing.value()).isNull();
        assertThat(nothing.attachment()).isNull();
    }

    @Test
    @DisplayName("T06 posting after the shutdown is rejected to the caller, and counts as nothing")
    default void postAfterShutdownIsRejected() throws Exception {
        Proactor proactor = bench().proactor();
        proactor.shutdownNow();
        assertThat(proactor.awaitTermination(
                java.time.Duration.ofSeconds(Until.PATIENCE_SECONDS))).isTrue();
        Recorder<String> post = bench().recorder();
        assertThatThrownBy(() -> proactor.post("late", null, post))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> proactor.newStrand().post("late", null, post))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(post.calledWithin(50)).isFalse();
        assertThat(proactor.statistics().issued()).isZero();
    }

    /** The moment between "accepted" and "rejected" is where a handler could be lost. */
    @Test
    @DisplayName("T06 posts that race the shutdown are delivered or rejected, never both or "
            + "neither")
    default void postsThatRaceShutdownAreDeliveredOrRejected() throws Exception {
        for (int round = 0; round < 10; round++) {
            Proactor proactor = bench().open(options -> options);
            List<Future<Calls>> posters = new ArrayList<>();
            CountDownLatch go = new CountDownLatch(4);
            for (int poster = 0; poster < 4; poster++) {
                posters.add(bench().start(() -> postUntilRejected(proactor, go)));
            }
            Bench.pass(go);
            proactor.shutdownNow().toCompletableFuture()
                    .get(Until.PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (Future<Calls> each : posters) {
                Calls calls = Bench.join(each);
                for (int i = 0; i < calls.accepted(); i++) {
                    assertThat(calls.counts().get(i)).as("handler %s", i).isEqualTo(1);
                }
                assertThat(calls.counts().get(calls.accepted())).as("the rejected one").isZero();
            }
            assertThat(proactor.statistics().outstanding()).isZero();
        }
    }

    private static Calls postUntilRejected(Proactor proactor, CountDownLatch go) {
        // Bounds, because posts that nobody dispatches or rejects would fill the heap.
        AtomicIntegerArray calls = new AtomicIntegerArray(2_000_000);
        AtomicInteger delivered = new AtomicInteger();
        for (int i = 0; i < calls.length(); i++) {
            try {
                proactor.post(i, null, (Recorder.Posted<Integer>) number -> {
                    calls.incrementAndGet(number);
                    delivered.incrementAndGet();
                });
            } catch (RejectedExecutionException e) {
                return new Calls(calls, i);
            }
            if (i == 100) {
                go.countDown();
            }
            while (i - delivered.get() > 1_000) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("No post was rejected.");
    }
}
