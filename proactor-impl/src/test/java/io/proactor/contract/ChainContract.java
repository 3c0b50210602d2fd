package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.Strand;
import io.proactor.Timer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** T02, on the long run: operations that complete at once must not push others aside. */
interface ChainContract extends Contract {

    /** What the other connection must get done meanwhile: counted, since no clock is fair here. */
    int ROUND_TRIPS = 100;

    /** One loop, so that both connections want the same thread. */
    @Test
    @Tag("long")
    @DisplayName("T02 1,000,000 reads that are satisfied at once: no deep stack, nobody starves")
    default void millionImmediateReadsLetOthersThrough() throws Exception {
        bench().open(options -> options.withLoops(1));
        // Where each read is handed from thread to thread, several chains share the way.
        int chainCount = bench().dispatch() == Dispatch.LOOP ? 1 : 4;
        Pair other = bench().accepted();
        List<Chain> chains = new ArrayList<>();
        List<Future<Void>> floods = new ArrayList<>();
        for (int i = 0; i < chainCount; i++) {
            Pair busy = bench().accepted();
            floods.add(bench().start(() -> flood(busy.peer(), 1_000_000 / chainCount)));
            chains.add(new Chain(busy.socket(), 1_000_000 / chainCount));
        }
        chains.forEach(Chain::start);
        int roundTrips = 0;
        while (roundTrips < ROUND_TRIPS && !chains.stream().allMatch(Chain::over)) {
            other.roundTrips();
            roundTrips += 2;
        }
        assertThat(roundTrips).as("round trips before the last chain was over")
                .isGreaterThanOrEqualTo(ROUND_TRIPS);
        for (Chain chain : chains) {
            chain.await();
            assertThat(chain.deepest()).isEqualTo(1);
        }
        for (Future<Void> flood : floods) {
            Bench.join(flood);
        }
    }

    private static Void flood(Peer peer, int count) throws IOException {
        byte[] some = new byte[12_500];
        for (int sent = 0; sent < count; sent += some.length) {
            peer.send(some);
        }
        return null;
    }

    /** The chain goes on until the others are through, so this ends by time if they starve. */
    @Test
    @DisplayName("T02 1,000,000 posts in a chain: no deep stack, and sockets and timers go on")
    default void millionPostsLetOthersThrough() throws Exception {
        Proactor proactor = bench().open(options -> options.withLoops(1));
        Strand strand = proactor.newStrand();
        AtomicInteger posts = new AtomicInteger();
        AtomicBoolean othersThrough = new AtomicBoolean();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch stop = bench().gate();
        Pair other = bench().accepted();
        strand.execute(new Runnable() {
            @Override
            public void run() {
                if (posts.incrementAndGet() >= 1_000_000 && othersThrough.get()
                        || stop.getCount() == 0) {
                    over.countDown();
                } else {
                    strand.execute(this);
                }
            }
        });
        Timer timer = bench().keep(proactor.newTimer());
        for (int i = 0; i < 10; i++) {
            Recorder<Void> tick = bench().recorder();
            timer.schedule(1, TimeUnit.MILLISECONDS, null, tick);
            tick.value();
            other.roundTrips();
        }
        othersThrough.set(true);
        Bench.pass(over);
    }
}
