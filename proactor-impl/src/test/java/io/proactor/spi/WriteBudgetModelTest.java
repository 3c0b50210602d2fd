package io.proactor.spi;

import static io.proactor.model.Racer.finish;
import static io.proactor.model.Racer.require;

import io.proactor.model.Racer;
import io.proactor.model.Schedules;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * The bound of all write queues together, under the schedules of several writers: each booking is
 * atomic, and nothing is let in beyond the bound but the rest of one write.
 *
 * <p>Booking with a look and an addition, where it should compare and set, makes both tests fail.
 */
public final class WriteBudgetModelTest {

    private static final int SCHEDULES = Schedules.of(200);

    @Test
    void bookingsAreAtomic() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(SCHEDULES)
                .threads(3)
                .actorsPerThread(3)
                .check(Bookings.class);
    }

    /** Booking and reading only: each call is atomic, so the order explains every answer. */
    @Param(name = "count", gen = IntGen.class, conf = "1:3")
    public static final class Bookings {
        private final WriteBudget budget = new WriteBudget(4);

        @Operation
        public boolean reserve(@Param(name = "count") int count) {
            return budget.reserve(count);
        }

        @Operation
        public long bytes() {
            return budget.bytes();
        }
    }

    @Test
    void ofTwoWhoMeetTheBoundOneIsLetIn() {
        Lincheck.runConcurrentTest(SCHEDULES, () -> {
            WriteBudget budget = new WriteBudget(2);
            require(budget.reserve(1));
            boolean[] let = new boolean[2];
            Racer other = Racer.start(() -> let[0] = budget.reserve(5));
            let[1] = budget.reserve(5);
            finish(other);
            require(let[0] != let[1]);
            require(budget.bytes() == 6);
            budget.release(6);
            require(budget.bytes() == 0);
        });
    }
}
