package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.Strand;
import io.proactor.Timer;
import java.io.IOException;
import java.net.SocketException;
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

    /** What others must get done before a chain may end; it ends by time if they starve. */
    int ROUND_TRIPS = 100;

    /** One loop, so that all connections want the same thread. */
    @Test
    @Tag("long")
    @DisplayName("T02 1,000,000 reads that are satisfied at once: no deep stack, nobody starves")
    default void millionImmediateReadsLetOthersThrough() throws Exception {
        bench().open(options -> options.withLoops(1));
        // Where each read is handed from thread to thread, several chains share the way.
        int chainCount = bench().dispatch() == Dispatch.LOOP ? 1 : 4;
        Pair other = bench().accepted();
        AtomicBoolean othersThrough = new AtomicBoolean();
        List<Pair> busy = new ArrayList<>();
        List<Chain> chains = new ArrayList<>();
        List<Future<Void>> floods = new ArrayList<>();
        for (int i = 0; i < chainCount; i++) {
            Pair pair = bench().accepted();
            Chain chain = new Chain(pair.socket(), 1_000_000 / chainCount, othersThrough::get);
            busy.add(pair);
            chains.add(chain);
            floods.add(bench().start(() -> flood(pair.peer(), chain)));
        }
        chains.forEach(Chain::start);
        for (int i = 0; i < ROUND_TRIPS; i += 2) {
            other.roundTrips();
        }
        othersThrough.set(true);
        for (int i = 0; i < chainCount; i++) {
            chains.get(i).await();
            assertThat(chains.get(i).deepest()).isEqualTo(1);
            busy.get(i).peer().close();
            Bench.join(floods.get(i));
        }
    }

    /** Sends for as long as the chain goes on; at its end the peer is closed. */
    private static Void flood(Peer peer, Chain chain) throws IOException {
        byte[] some = new byte[16 * 1_024];
        try {
            while (!chain.over()) {
                peer.send(some);
            }
        } catch (SocketException e) {
            assertThat(chain.over()).as("the peer was closed by the test").isTrue();
        }
        return null;
    }

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
        for (int i = 0; i < ROUND_TRIPS; i += 10) {
            Recorder<Void> tick = bench().recorder();
            timer.schedule(1, TimeUnit.MILLISECONDS, null, tick);
            tick.value();
            other.roundTrips();
        }
        othersThrough.set(true);
        Bench.pass(over);
    }
}
