package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Proactor;
import io.proactor.Strand;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T28: what belongs to one strand, or to one socket, runs one at a time and in order. */
interface StrandContract extends Contract {

    @Test
    @DisplayName("T28 4 threads post 250 tasks each: one at a time, each thread's in its order")
    default void tasksOfOneStrandNeverOverlap() throws Exception {
        Proactor proactor = bench().proactor();
        Strand strand = proactor.newStrand();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int[] unsynchronised = {0};  // the strand is all that guards it
        List<List<Integer>> orders = new ArrayList<>();
        CountDownLatch left = new CountDownLatch(1_000);
        List<Future<Void>> posters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Integer> order = new ArrayList<>();
            orders.add(order);
            posters.add(bench().start(() -> {
                for (int number = 0; number < 250; number++) {
                    int task = number;
                    strand.execute(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        unsynchronised[0]++;
                        order.add(task);
                        running.decrementAndGet();
                        left.countDown();
                    });
                }
                return null;
            }));
        }
        for (Future<Void> each : posters) {
            Bench.join(each);
        }
        Bench.pass(left);
        assertThat(most.get()).isEqualTo(1);
        assertThat(unsynchronised[0]).isEqualTo(1_000);
        assertThat(orders).allSatisfy(order -> assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 250).boxed().toList()));
    }

    @Test
    @DisplayName("T28 dispatch inside the strand runs at once; outside, or in another, it is "
            + "queued")
    default void dispatchRunsInlineOnlyInsideTheStrand() throws Exception {
        Proactor proactor = bench().proactor();
        Strand strand = proactor.newStrand();
        Strand other = proactor.newStrand();
        List<String> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        assertThat(strand.runsOnCurrentThread()).isFalse();
        strand.execute(() -> {
            order.add("begin");
            strand.dispatch(() -> order.add("inline"));
            strand.execute(() -> order.add("queued"));
            order.add(strand.runsOnCurrentThread() + " " + other.runsOnCurrentThread());
            strand.execute(done::countDown);
            order.add("end");
        });
        Bench.pass(done);
        assertThat(order).containsExactly("begin", "inline", "true false", "end", "queued");
        Recorder<Void> outside = bench().recorder();
        strand.dispatch(() -> outside.completed(null, null));
        assertThat(outside.thread()).isNotSameAs(Thread.currentThread());
        Recorder<Void> across = bench().recorder();
        Recorder<Boolean> inline = bench().recorder();
        other.execute(() -> {
            strand.dispatch(() -> across.completed(null, null));
            inline.completed(across.wasCalledBy(Thread.currentThread()), null);
        });
        across.await();
        assertThat(inline.value()).isFalse();
    }

    @Test
    @DisplayName("T28 a task that throws is reported, and does not wedge the strand")
    default void throwingTaskDoesNotWedgeTheStrand() throws Exception {
        Strand strand = bench().proactor().newStrand();
        RuntimeException thrown = new IllegalStateException("thrown by a test");
        for (int i = 0; i < 100; i++) {
            strand.execute(() -> Sneaky.raise(thrown));
        }
        Recorder<String> behind = bench().recorder();
        strand.post("behind", "attached", behind);
        assertThat(behind.value()).isEqualTo("behind");
        assertThat(behind.attachment()).isEqualTo("attached");
        for (int i = 0; i < 100; i++) {
            assertThat(bench().listener().takeThrown().thrown()).isSameAs(thrown);
        }
        strand.execute(() -> assertThatThrownBy(
                () -> strand.dispatch(() -> Sneaky.raise(thrown))).isSameAs(thrown));
    }

    @Test
    @DisplayName("T28 a second strand progresses while a task of the first one is stuck")
    default void strandsDoNotWaitForEachOther() throws Exception {
        Require.threadsOfItsOwn(bench());
        Proactor proactor = bench().proactor();
        CountDownLatch leave = bench().gate();
        Recorder<Void> stuck = bench().recorder(call -> Bench.pass(leave));
        proactor.newStrand().post(null, null, stuck);
        stuck.awaitEntry();
        Strand second = proactor.newStrand();
        CountDownLatch left = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            second.execute(left::countDown);
        }
        Bench.pass(left);
        Pair pair = bench().accepted();
        pair.roundTrips();
        leave.countDown();
    }

    /** Each read completes before the next byte is sent: a probe on the one loop says when. */
    @Test
    @DisplayName("T28 reads on two sockets of one strand are handled in the order of completion")
    default void readsOfTwoSocketsKeepTheOrderOfCompletion() throws Exception {
        Proactor proactor = bench().open(options -> options.withLoops(1));
        Strand strand = proactor.newStrand();
        List<Pair> pairs = List.of(bench().accepted(), bench().accepted(), bench().accepted());
        Pair probe = bench().accepted();
        pairs.forEach(pair -> pair.socket().bind(strand));
        CountDownLatch leave = bench().gate();
        if (bench().dispatch() != Dispatch.LOOP) {
            strand.execute(() -> Bench.pass(leave));
        }
        List<Integer> order = new ArrayList<>();
        List<Recorder<Integer>> reads = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            int number = i;
            Recorder<Integer> read = bench().recorder(call -> order.add(number));
            pairs.get(i).socket().read(ByteBuffer.allocate(1), null, read);
            reads.add(read);
        }
        for (int i : new int[] {2, 0, 1}) {
            pairs.get(i).peer().send("x");
            probe.roundTrips();
        }
        leave.countDown();
        for (Recorder<Integer> read : reads) {
            read.value();
        }
        assertThat(order).containsExactly(2, 0, 1);
    }

    @Test
    @DisplayName("T28 handlers of many sockets and timers of one strand never overlap")
    default void handlersOfManySocketsOfOneStrandNeverOverlap() throws Exception {
        Proactor proactor = bench().proactor();
        Strand strand = proactor.newStrand();
        int[] unsynchronised = {0};
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(8 * 100 + 8);
        Runnable body = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            unsynchronised[0]++;
            running.decrementAndGet();
            left.countDown();
        };
        for (int i = 0; i < 8; i++) {
            Pair pair = bench().accepted();
            pair.socket().bind(strand);
            var timer = bench().keep(proactor.newTimer());
            timer.bind(strand);
            timer.schedule(i, TimeUnit.MILLISECONDS, null,
                    bench().<Void>recorder(call -> body.run()));
            for (int j = 0; j < 100; j++) {
                pair.socket().write(Bytes.of("x"), null,
                        bench().<Integer>recorder(call -> body.run()));
            }
        }
        Bench.pass(left);
        assertThat(most.get()).isEqualTo(1);
        assertThat(unsynchronised[0]).isEqualTo(808);
    }

    @Test
    @DisplayName("T28 handlers of one socket never overlap, without any strand")
    default void handlersOfOneSocketNeverOverlap() throws Exception {
        Pair pair = bench().accepted();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int[] unsynchronised = {0};
        CountDownLatch left = new CountDownLatch(1_000);
        Runnable body = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            unsynchronised[0]++;
            Thread.onSpinWait();
            running.decrementAndGet();
            left.countDown();
        };
        Future<Void> sender = bench().start(() -> {
            for (int i = 0; i < 500; i++) {
                pair.peer().send("x");
            }
            return null;
        });
        readOneByOne(pair, 500, body);
        for (int i = 0; i < 500; i++) {
            pair.socket().write(Bytes.of("y"), null,
                    bench().<Integer>recorder(call -> body.run()));
        }
        Bench.pass(left);
        assertThat(most.get()).isEqualTo(1);
        assertThat(unsynchronised[0]).isEqualTo(1_000);
        Bench.join(sender);
    }

    private void readOneByOne(Pair pair, int count, Runnable body) {
        Recorder<Integer> read = bench().recorder(call -> {
            body.run();
            if (count > 1) {
                readOneByOne(pair, count - 1, body);
            }
        });
        pair.socket().read(ByteBuffer.allocate(1), null, read);
    }
}
