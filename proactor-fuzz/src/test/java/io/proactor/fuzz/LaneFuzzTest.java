package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.engine.event.OperationLane;
import io.proactor.engine.event.TimingWheel;
import io.proactor.operation.Deadline;
import io.proactor.operation.OperationTable;
import io.proactor.operation.TimerOperation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The queues that operations wait in, against the JDK's collections. */
@WhereJazzerRuns
final class LaneFuzzTest {

    private static final int OPERATIONS = 32;

    @FuzzTest
    void laneIsAQueueWhateverIsTakenOutOfIt(byte[] data) {
        Choices choices = Choices.of(data);
        OperationTable table = new OperationTable();
        ArrayDeque<TimerOperation> idle = new ArrayDeque<>();
        for (int i = 0; i < OPERATIONS; i++) {
            idle.add(new TimerOperation(null, table));
        }
        OperationLane<TimerOperation> lane = new OperationLane<>();
        ArrayDeque<TimerOperation> offered = new ArrayDeque<>();
        ArrayDeque<TimerOperation> received = new ArrayDeque<>();
        while (!choices.usedUp()) {
            switch (choices.below(5)) {
                case 0, 1 -> {
                    TimerOperation next = idle.poll();
                    if (next != null) {
                        lane.offer(next);
                        offered.add(next);
                    }
                }
                case 2 -> {
                    lane.receive(each -> assertThat(each).isSameAs(offered.peek()).isSameAs(
                            moved(offered, received)));
                    assertThat(offered).isEmpty();
                }
                case 3 -> {
                    if (!received.isEmpty()) {
                        TimerOperation first = received.remove();
                        assertThat(lane.remove()).isSameAs(first);
                        idle.add(first);
                    }
                }
                default -> {
                    int bits = choices.below(256);
                    List<TimerOperation> out = new ArrayList<>();
                    lane.removeIf(each -> (bits >>> each.id() % 8 & 1) == 1, out::add);
                    List<TimerOperation> expected = received.stream()
                            .filter(each -> (bits >>> each.id() % 8 & 1) == 1).toList();
                    assertThat(out).isEqualTo(expected);
                    received.removeAll(expected);
                    idle.addAll(expected);
                }
            }
            assertThat(lane.isEmpty()).isEqualTo(received.isEmpty());
            assertThat(lane.head()).isSameAs(received.peek());
        }
    }

    private static TimerOperation moved(ArrayDeque<TimerOperation> from,
            ArrayDeque<TimerOperation> to) {
        TimerOperation first = from.remove();
        to.add(first);
        return first;
    }

    /** Times are in the fuzzer's hands; the wheel rounds up by no more than two of its ticks. */
    @FuzzTest
    void wheelTellsEachDeadlineOnceAndNotEarly(byte[] data) {
        long tick = 1L << 20;
        Choices choices = Choices.of(data);
        long now = (long) choices.below(65_536) << choices.below(40);
        TimingWheel wheel = new TimingWheel(now);
        List<long[]> waiting = new ArrayList<>();    // deadline, told
        List<Deadline> deadlines = new ArrayList<>();
        OperationTable table = new OperationTable();
        long[] clock = {now};
        while (!choices.usedUp()) {
            int what = choices.below(4);
            if (what < 2) {
                long[] target = {now + ((long) choices.below(65_536) << choices.below(34)), 0};
                waiting.add(target);
                deadlines.add(wheel.arm((operation, id) -> {
                    target[1]++;
                    assertThat(clock[0]).as("early").isGreaterThanOrEqualTo(target[0]);
                }, new TimerOperation(null, table), target[0]));
            } else if (what == 2 && !waiting.isEmpty()) {
                int at = choices.below(waiting.size());
                waiting.remove(at);
                deadlines.remove(at).disarm();
            } else {
                now += (long) choices.below(65_536) << choices.below(30);
                clock[0] = now;
                wheel.expire(now);
                for (int i = waiting.size() - 1; i >= 0; i--) {
                    long late = now - waiting.get(i)[0];
                    assertThat(waiting.get(i)[1]).isLessThanOrEqualTo(1);
                    if (waiting.get(i)[1] == 1) {
                        waiting.remove(i);
                        deadlines.remove(i);
                    } else {
                        assertThat(late).as("missed").isLessThan(2 * tick);
                    }
                }
            }
            assertThat(wheel.armed()).isEqualTo(waiting.size());
        }
    }
}
