package io.proactor.engine.event;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import io.proactor.operation.ReceiveBuffer;
import io.proactor.spi.ReceiveLimits;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The line for receive buffers under the schedules of two or three threads, of one loop and of two:
 * whoever is refused a buffer hears of the next one, unless it has left the line; and then the next
 * one hears of it.
 *
 * <p>Each of these changes makes a test fail: a look for a free buffer before the claim is in line,
 * and none after; no look at what other loops keep; a buffer that a loop keeps without a look at the
 * line; no look at the line after a buffer has become available; a buffer that is made available
 * although it is reserved; a claim that is marked as not queued after its signal; a claim that
 * leaves the line and keeps the signal that was meant for it; credit that is looked at once only.
 */
final class ReceiveBuffersModelTest {

    private static final int SCHEDULES = Schedules.of(120);

    /** A connection that wants one buffer, and tries again whenever it is signalled. */
    private static final class Wanting {
        final ReceiveBuffers buffers;
        final AtomicInteger signals = new AtomicInteger();
        final ReceiveClaim claim;
        private int seen;  // signals that have been answered

        Wanting(ReceiveBuffers buffers) {
            this.buffers = buffers;
            claim = new ReceiveClaim(buffers, signals::incrementAndGet);
        }

        /** Tries once for each signal that has come; null if there is none left to wait for. */
        ReceiveBuffer retry() {
            while (signals.get() > seen) {
                seen = signals.get();
                ReceiveBuffer buffer = claim.take();
                if (buffer != null) {
                    return buffer;
                }
            }
            return null;
        }

        ReceiveBuffer take() {
            ReceiveBuffer buffer = claim.take();
            return buffer != null ? buffer : retry();
        }
    }

    /** The buffers of one or two loops; the first and the last of them are used. */
    private static final class Loops {
        final ReceiveBuffers first;
        final ReceiveBuffers last;

        Loops(int loops, int count, int perSocket) {
            first = new ReceiveBuffers(new ReceiveLimits(64, count, perSocket));
            last = loops == 1 ? first : first.another();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoeverIsRefusedHearsOfTheNextBuffer(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            ReceiveBuffer held = new Wanting(buffers.first).take();
            Wanting waits = new Wanting(buffers.last);
            Racer other = Racer.start(held::giveBack);
            ReceiveBuffer got = waits.take();
            finish(other);
            if (got == null) {
                got = waits.retry();
            }
            require(got != null);
            require(buffers.first.out() == 1);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ofTwoWhoWaitEachGetsABuffer(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            ReceiveBuffer held = new Wanting(buffers.first).take();
            Wanting first = new Wanting(buffers.first);
            Wanting second = new Wanting(buffers.last);
            ReceiveBuffer[] got = new ReceiveBuffer[2];
            Racer one = Racer.start(() -> got[0] = first.take());
            Racer two = Racer.start(() -> got[1] = second.take());
            held.giveBack();
            finish(one);
            finish(two);
            int served = 0;
            for (int i = 0; i < 4 && served < 2; i++) {
                Wanting each = i % 2 == 0 ? first : second;
                ReceiveBuffer buffer = got[i % 2] != null ? got[i % 2] : each.retry();
                got[i % 2] = null;
                if (buffer != null) {
                    served++;
                    buffer.giveBack();
                }
            }
            require(served == 2);
            require(buffers.first.out() == 0);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoLeavesTheLineLeavesTheBufferToTheNext(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            ReceiveBuffer held = new Wanting(buffers.first).take();
            Wanting leaves = new Wanting(buffers.first);
            Wanting stays = new Wanting(buffers.last);
            require(leaves.take() == null);
            require(stays.take() == null);
            Racer other = Racer.start(held::giveBack);
            leaves.claim.waive();
            finish(other);
            require(stays.retry() != null);
        });
    }

    /** However fast the other one gives back and asks again: it does not get ahead of the line. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nobodyGetsAheadOfTheLine(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 2);
            Wanting busy = new Wanting(buffers.first);
            ReceiveBuffer held = busy.take();
            Wanting waits = new Wanting(buffers.last);
            require(waits.take() == null);
            ReceiveBuffer[] got = new ReceiveBuffer[1];
            Racer other = Racer.start(() -> got[0] = waits.retry());
            held.giveBack();
            require(busy.claim.take() == null || got[0] != null);
            finish(other);
            if (got[0] == null) {
                got[0] = waits.retry();
            }
            require(got[0] != null);
        });
    }

    /** It may stand in the line from before, which must not cost it its new place. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoLeavesTheLineAndComesBackIsHeard(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            ReceiveBuffer held = new Wanting(buffers.first).take();
            Wanting comes = new Wanting(buffers.last);
            require(comes.take() == null);
            Racer other = Racer.start(held::giveBack);
            comes.claim.waive();
            ReceiveBuffer got = comes.take();
            finish(other);
            if (got == null) {
                got = comes.retry();
            }
            require(got != null);
        });
    }

    @Test
    void creditThatComesBackIsHeardOf() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(1, 2, 1);
            Wanting waits = new Wanting(buffers.last);
            ReceiveBuffer own = waits.take();
            Racer other = Racer.start(own::giveBack);
            ReceiveBuffer got = waits.take();
            finish(other);
            if (got == null) {
                got = waits.retry();
            }
            require(got != null);
            require(waits.claim.held() == 1);
        });
    }

    /** The only one lies with a loop that has had it, and may take it again meanwhile. */
    @Test
    void whatOneLoopKeepsTheOtherCanHave() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(2, 1, 1);
            new Wanting(buffers.first).take().giveBack();
            Wanting again = new Wanting(buffers.first);
            Wanting wants = new Wanting(buffers.last);
            ReceiveBuffer[] got = new ReceiveBuffer[1];
            Racer other = Racer.start(() -> got[0] = again.take());
            ReceiveBuffer mine = wants.take();
            finish(other);
            require(mine == null || got[0] == null);
            if (got[0] == null) {
                got[0] = again.retry();
            }
            if (got[0] != null) {
                got[0].giveBack();
            }
            if (mine == null) {
                mine = wants.retry();
            }
            require(mine != null);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void lostBufferIsReplacedForWhoeverWaits(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            ReceiveBuffer held = new Wanting(buffers.first).take();
            long generation = held.lease();
            Wanting waits = new Wanting(buffers.last);
            Racer other = Racer.start(() -> held.forfeit(generation));
            ReceiveBuffer got = waits.take();
            finish(other);
            if (got == null) {
                got = waits.retry();
            }
            require(got != null);
            require(got != held);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void neverMoreThanTheBound(int loops) {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            Loops buffers = new Loops(loops, 1, 1);
            AtomicInteger inUse = new AtomicInteger();
            Consumer<ReceiveBuffers> use = from -> {
                ReceiveBuffer buffer = new Wanting(from).take();
                if (buffer != null) {
                    require(inUse.incrementAndGet() == 1);
                    inUse.decrementAndGet();
                    buffer.giveBack();
                }
            };
            Racer other = Racer.start(() -> use.accept(buffers.first));
            use.accept(buffers.last);
            finish(other);
            require(buffers.first.out() == 0);
        });
    }
}
