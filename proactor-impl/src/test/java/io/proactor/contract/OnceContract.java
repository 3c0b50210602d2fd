package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T01: each operation's handler is called exactly once, whatever happens. */
interface OnceContract extends Contract {

    @Test
    @DisplayName("T01 10,000 operations, cancelled, timed out, closed and reset at random: once "
            + "each")
    default void everyHandlerIsCalledExactlyOnce() throws Exception {
        bench().proactor();
        storm(Seed.of("everyHandlerIsCalledExactlyOnce"), 10_000);
    }

    @Test
    @DisplayName("T01 the same when the system's own calls fail, stop short and do nothing at "
            + "random")
    default void everyHandlerIsCalledExactlyOnceUnderFaults() throws Exception {
        long seed = Seed.of("everyHandlerIsCalledExactlyOnceUnderFaults");
        SplittableRandom random = new SplittableRandom(seed);
        bench().openWithFaults(new Faults() {
            @Override
            public IOException onAccept() {
                return oneIn(10) ? new IOException("Software caused connection abort") : null;
            }

            @Override
            public int onRead(int wanted) throws IOException {
                return shortened(wanted);
            }

            @Override
            public int onWrite(int wanted) throws IOException {
                return shortened(wanted);
            }

            private int shortened(int wanted) throws IOException {
                if (oneIn(200)) {
                    throw new IOException("Connection reset by peer");
                }
                return oneIn(3) ? between(wanted) : wanted;
            }

            private synchronized boolean oneIn(int many) {
                return random.nextInt(many) == 0;
            }

            private synchronized int between(int wanted) {
                return random.nextInt(wanted + 1);
            }
        });
        storm(seed, 4_000);
    }

    private void storm(long seed, int operations) throws Exception {
        List<Future<List<Recorder<?>>>> storms = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            storms.add(bench().start(new Storm(bench(), seed + i, operations / 4)));
        }
        List<Recorder<?>> initiated = new ArrayList<>();
        for (Future<List<Recorder<?>>> each : storms) {
            initiated.addAll(each.get(60, TimeUnit.SECONDS));
        }
        assertThat(initiated).hasSizeGreaterThanOrEqualTo(operations);
        for (Recorder<?> each : initiated) {
            each.await();
        }
        assertThat(initiated).allMatch(each -> each.calls() == 1);
        Until.until("nothing is outstanding",
                () -> bench().proactor().statistics().outstanding() == 0);
        assertThat(bench().proactor().statistics().issued()).isEqualTo(initiated.size());
    }
}
