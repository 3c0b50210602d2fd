package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import org.junit.jupiter.api.Test;

/** Which processor an application gets, and what it is told if it cannot have what it wants. */
final class ProcessorChoiceTest {

    @Test
    void queueIsChosenBeforeNio2() throws Exception {
        try (Proactor proactor = Proactor.open(
                ProactorOptions.defaults().withProcessor(ProactorOptions.AUTO))) {
            assertThat(proactor.processor()).isEqualTo("queue");
        }
    }

    @Test
    void nio2RefusesTheLoopDispatcherWithOneClearError() {
        assertThatThrownBy(() -> Proactor.open(
                ProactorOptions.defaults().withProcessor("nio2").withLoopDispatcher()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nio2").hasMessageContaining("loop");
    }

    @Test
    void unknownProcessorIsRefusedWithTheNamesOfThoseThatThereAre() {
        assertThatThrownBy(() -> Proactor.open(
                ProactorOptions.defaults().withProcessor("nowhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere").hasMessageContaining("queue")
                .hasMessageContaining("nio2");
    }

    @Test
    void defaultDispatchersAreThoseOfTheProcessors() throws Exception {
        try (Proactor queue = Proactor.open(ProactorOptions.defaults().withProcessor("queue"));
                Proactor nio2 = Proactor.open(ProactorOptions.defaults().withProcessor("nio2"))) {
            assertThat(queue.toString()).contains("loop dispatcher");
            assertThat(nio2.toString()).contains("pooled dispatcher");
        }
    }

    @Test
    void processorForTestsIsNotChosenUnasked() {
        assertThatThrownBy(() -> Proactor.open(
                ProactorOptions.defaults().withProcessor("queue" + FaultInjection.SUFFIX)))
                .isInstanceOf(java.io.IOException.class);
    }
}
