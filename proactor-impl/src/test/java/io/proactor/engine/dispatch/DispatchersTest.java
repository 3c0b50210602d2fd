package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.spi.DispatcherChoice;
import org.junit.jupiter.api.Test;

final class DispatchersTest {

    private final DispatchBench bench = new DispatchBench();

    @Test
    void eachChoiceButTheLoopIsMadeHere() throws Exception {
        RunningDispatcher pooled = Dispatchers.open(new DispatcherChoice.Pooled(3), bench.context,
                bench.watchdog);
        RunningDispatcher executor = Dispatchers.open(
                new DispatcherChoice.OnExecutor(Runnable::run), bench.context, bench.watchdog);
        assertThat(pooled.name()).isEqualTo("pooled");
        assertThat(executor.name()).isEqualTo("executor");
        assertThat(bench.threads).hasSize(3);
        assertThatThrownBy(() -> Dispatchers.open(new DispatcherChoice.Loop(), bench.context,
                bench.watchdog)).isInstanceOf(IllegalArgumentException.class);
        bench.end(pooled);
        bench.end(executor);
    }
}
