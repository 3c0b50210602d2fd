package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Accepted;
import io.proactor.ListenOptions;
import io.proactor.ProactorShutdownException;
import io.proactor.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Operations that only wait: two accepts, a timer, and a read with and one without a timeout. */
final class Pending {

    /** How many they are. */
    static final int COUNT = 5;

    private final List<Recorder<?>> waiting = new ArrayList<>();

    Pending(Bench bench) throws Exception {
        var acceptor = bench.listen(ListenOptions.defaults());
        for (int i = 0; i < 2; i++) {
            Recorder<Accepted> accept = add(bench.recorder());
            acceptor.accept(null, accept);
        }
        Timer timer = bench.keep(bench.proactor().newTimer());
        Recorder<Void> tick = add(bench.recorder());
        timer.schedule(1, TimeUnit.HOURS, null, tick);
        Recorder<Integer> read = add(bench.recorder());
        bench.accepted().socket().read(ByteBuffer.allocate(8), null, read);
        Recorder<Integer> timed = add(bench.recorder());
        bench.connected().socket().read(ByteBuffer.allocate(8), 1, TimeUnit.HOURS, null, timed);
    }

    private <V> Recorder<V> add(Recorder<V> recorder) {
        waiting.add(recorder);
        return recorder;
    }

    /** Waits until each was told of the shutdown, once. */
    void assertShutDown() throws InterruptedException {
        assertThat(waiting).hasSize(COUNT);
        for (Recorder<?> each : waiting) {
            each.failure(ProactorShutdownException.class);
            assertThat(each.calls()).isEqualTo(1);
        }
    }
}
