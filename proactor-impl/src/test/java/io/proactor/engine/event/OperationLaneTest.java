package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.operation.OperationTable;
import io.proactor.operation.TimerOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class OperationLaneTest {

    private final OperationTable table = new OperationTable();
    private final OperationLane<TimerOperation> lane = new OperationLane<>();

    private TimerOperation operation() {
        return new TimerOperation(null, table);
    }

    @Test
    void operationsComeOutInTheOrderOfTheirOffers() {
        List<TimerOperation> offered = List.of(operation(), operation(), operation());
        offered.forEach(lane::offer);
        List<TimerOperation> arrived = new ArrayList<>();
        lane.receive(arrived::add);
        assertThat(arrived).isEqualTo(offered);
        TimerOperation late = operation();
        lane.offer(late);
        lane.receive(each -> { });
        for (TimerOperation each : offered) {
            assertThat(lane.remove()).isSameAs(each);
        }
        assertThat(lane.remove()).isSameAs(late);
        assertThat(lane.isEmpty()).isTrue();
        assertThat(lane.head()).isNull();
    }

    @Test
    void whatTheOwnerAddsComesBehindWhatWasOffered() {
        List<TimerOperation> all = List.of(operation(), operation(), operation(), operation());
        List<TimerOperation> arrived = new ArrayList<>();
        lane.add(all.get(0));
        lane.offer(all.get(1));
        lane.offer(all.get(2));
        lane.add(all.get(3));
        lane.receive(arrived::add);
        assertThat(arrived).isEqualTo(all);
        lane.receive(each -> arrived.clear());
        assertThat(arrived).as("each is seen once").isEqualTo(all);
        for (TimerOperation each : all) {
            assertThat(lane.remove()).isSameAs(each);
        }
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void whatTheOwnerAddsStaysEvenIfAnArrivalThrows() {
        List<TimerOperation> all = List.of(operation(), operation());
        Error thrown = new OutOfMemoryError("thrown by a test");
        lane.add(all.get(0));
        lane.add(all.get(1));
        assertThatThrownBy(() -> lane.receive(each -> {
            throw thrown;
        })).isSameAs(thrown);
        for (TimerOperation each : all) {
            assertThat(lane.remove()).isSameAs(each);
        }
    }

    @Test
    void operationsStayEvenIfTheirArrivalThrows() {
        List<TimerOperation> offered = List.of(operation(), operation(), operation());
        offered.forEach(lane::offer);
        Error thrown = new OutOfMemoryError("thrown by a test");
        assertThatThrownBy(() -> lane.receive(each -> {
            throw thrown;
        })).isSameAs(thrown);
        for (TimerOperation each : offered) {
            assertThat(lane.remove()).isSameAs(each);
        }
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void removeIfKeepsTheOrderOfBothParts() {
        List<TimerOperation> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(operation());
            lane.offer(all.get(i));
        }
        lane.receive(each -> { });
        List<TimerOperation> removed = new ArrayList<>();
        lane.removeIf(each -> all.indexOf(each) % 2 == 0, removed::add);
        assertThat(removed).containsExactly(all.get(0), all.get(2), all.get(4), all.get(6), all.get(8));
        assertThat(lane.remove()).isSameAs(all.get(1));
        assertThat(lane.remove()).isSameAs(all.get(3));
        TimerOperation late = operation();
        lane.offer(late);
        lane.receive(each -> { });
        lane.removeIf(each -> each != late, removed::add);
        assertThat(lane.remove()).isSameAs(late);
        assertThat(lane.isEmpty()).isTrue();
    }

    @Test
    void nothingOfConcurrentProducersIsLostOrReordered() throws InterruptedException {
        int producers = 4;
        int each = 50_000;
        Map<TimerOperation, Integer> producerOf = new HashMap<>();
        List<List<TimerOperation>> made = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            List<TimerOperation> mine = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                TimerOperation operation = operation();
                mine.add(operation);
                producerOf.put(operation, p);
            }
            made.add(mine);
        }
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (List<TimerOperation> mine : made) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                mine.forEach(lane::offer);
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();
        int[] next = new int[producers];
        int received = 0;
        while (received < producers * each) {
            lane.receive(arrived -> { });
            while (!lane.isEmpty()) {
                TimerOperation operation = lane.remove();
                int producer = producerOf.get(operation);
                assertThat(operation).isSameAs(made.get(producer).get(next[producer]++));
                received++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
