package io.proactor;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The slots of a pool under the schedules of several threads: each method is atomic, and whoever is
 * refused a slot hears of the next release.
 *
 * <p>Each of these changes makes a test fail: reserving, or giving back, without the lock; one slot
 * too many; telling those who wait before the slot is free.
 */
public final class SocketPoolModelTest {

    private static final int SCHEDULES = Schedules.of(200);
    private static final Runnable NOBODY = () -> { };

    private static Timer none() {
        throw new AssertionError("nothing rests here");
    }

    @Test
    void theSlotsAreCountedExactly() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(SCHEDULES)
                .threads(3)
                .actorsPerThread(3)
                .check(Reservations.class);
    }

    /** Reserving and reading only: each call is atomic, so the order explains every answer. */
    public static final class Reservations {
        private final SocketPool pool = new SocketPool(0, 2, SocketPoolModelTest::none);

        @Operation
        public boolean reserve() {
            return pool.reserve();
        }

        @Operation
        public int free() {
            return pool.free();
        }

        @Operation
        public long reused() {
            return pool.reused();
        }
    }

    @Test
    void neverMoreThanTheMaximumAndNoSlotTwice() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            SocketPool pool = new SocketPool(0, 1, SocketPoolModelTest::none);
            AtomicInteger inUse = new AtomicInteger();
            Runnable session = () -> {
                if (pool.reserve()) {
                    pool.taken();
                    require(inUse.incrementAndGet() == 1);
                    inUse.decrementAndGet();
                    pool.release();
                }
            };
            Racer other = Racer.start(session);
            session.run();
            finish(other);
            require(pool.inUse() == 0);
        });
    }

    @Test
    void slotsThatAreGivenBackAtOnceAreAllFree() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            SocketPool pool = new SocketPool(0, 2, SocketPoolModelTest::none);
            require(pool.reserve());
            require(pool.reserve());
            pool.taken();
            Racer other = Racer.start(() -> withdraw(pool));
            pool.release();
            finish(other);
            require(pool.free() == 2);
        });
    }

    @Test
    void whoeverIsRefusedHearsOfTheNextFreeSlot() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            SocketPool pool = new SocketPool(0, 1, SocketPoolModelTest::none);
            require(pool.reserve());
            AtomicInteger told = new AtomicInteger();
            pool.register(told::incrementAndGet);
            Racer other = Racer.start(() -> withdraw(pool));
            int before = told.get();
            boolean refused = !pool.reserve();
            finish(other);
            require(!refused || told.get() > before);
        });
    }

    private static void withdraw(SocketPool pool) {
        pool.unreserve();
        pool.unreserved(NOBODY);
    }
}
