package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.CompletionEvent;
import io.proactor.operation.HandlerRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CompletionEventQueueTest {

    private static final class Numbered extends CompletionEvent {
        final int producer;
        final int number;

        Numbered(int producer, int number) {
            this.producer = producer;
            this.number = number;
        }

        @Override
        public void dispatch(HandlerRunner runner) {
            throw new AssertionError("nobody dispatches it");
        }
    }

    /** Small, so that events overflow most of the time. */
    private final CompletionEventQueue queue = new CompletionEventQueue(8);

    @Test
    void whenItIsFullNothingIsRefusedAndTheOrderIsKept() {
        for (int i = 0; i < 100; i++) {
            queue.add(new Numbered(0, i));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(((Numbered) queue.poll()).number).isEqualTo(i);
        }
        for (int i = 100; i < 120; i++) {
            queue.add(new Numbered(0, i));  // there is room again, but others wait before
        }
        for (int i = 50; i < 120; i++) {
            assertThat(queue.isEmpty()).isFalse();
            assertThat(((Numbered) queue.poll()).number).isEqualTo(i);
        }
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.poll()).isNull();
    }

    /** The consumer is slower than a whole queue from time to time, as one that loses its core. */
    @Test
    void orderIsKeptWhenTheQueueFillsBetweenTwoLooks() throws Exception {
        int count = 2_000_000;
        CompletionEventQueue tiny = new CompletionEventQueue(2);
        Thread producer = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                tiny.add(new Numbered(0, i));
            }
        });
        producer.start();
        for (int next = 0; next < count; ) {
            Numbered event = (Numbered) tiny.poll();
            if (event != null && event.number != next++) {
                throw new AssertionError(event.number + " came in place of " + (next - 1));
            }
        }
        producer.join();
        assertThat(tiny.isEmpty()).isTrue();
    }

    @Test
    void eachProducersOrderIsKeptWhileOthersOverflow() throws Exception {
        int producers = 3;
        int each = 100_000;
        Thread[] threads = new Thread[producers];
        for (int p = 0; p < producers; p++) {
            int producer = p;
            threads[p] = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    queue.add(new Numbered(producer, i));
                }
            });
            threads[p].start();
        }
        int[] next = new int[producers];
        for (int taken = 0; taken < producers * each; ) {
            Numbered event = (Numbered) queue.poll();
            if (event != null) {
                assertThat(event.number).isEqualTo(next[event.producer]++);
                taken++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(queue.isEmpty()).isTrue();
    }
}
