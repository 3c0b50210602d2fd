package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets a buffer when there are too few, and how many there come to be. */
@EnabledIfAvailable
final class BufferGroupTest {

    @Test
    void starvedConnectionsTryAgainInOrderHoweverFewCameBack() throws Exception {
        try (Ring ring = ring()) {
            BufferGroup group = group(ring, 8, 8);
            List<String> tried = new ArrayList<>();
            for (String each : List.of("first", "second", "third")) {
                group.lineUp(() -> {
                    tried.add(each);
                    if (each.equals("first") && tried.size() == 1) {
                        group.lineUp(() -> tried.add("first again"));
                    }
                });
            }
            group.publish();
            assertThat(tried).containsExactly("first", "second", "third");
            group.publish();
            assertThat(tried).last().isEqualTo("first again");
            group.publish();
            assertThat(tried).hasSize(4);
        }
    }

    @Test
    void groupGrowsOnlyWhileSomebodyStarves() throws Exception {
        try (Ring ring = ring()) {
            BufferGroup group = group(ring, 2, 8);
            group.publish();
            assertThat(group.count()).isEqualTo(2);
            for (int expected : new int[] {4, 8, 8}) {
                group.lineUp(() -> { });
                group.publish();
                assertThat(group.count()).isEqualTo(expected);
            }
            group.publish();
            assertThat(group.count()).isEqualTo(8);
        }
    }

    @Test
    void nobodyIsLeftOutWhenOneBufferComesBack() throws Exception {
        try (Ring ring = ring()) {
            BufferGroup group = group(ring, 4, 8);
            List<Integer> tried = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int connection = i;
                group.lineUp(() -> tried.add(connection));
            }
            group.giveBack(0);  // as if the kernel had picked it
            group.publish();
            assertThat(tried).containsExactly(0, 1, 2);
        }
    }

    @Test
    void halfOfTheBuffersAreLentAtMost() throws Exception {
        try (Ring ring = ring()) {
            BufferGroup group = group(ring, 4, 4);
            assertThat(group.lend()).isTrue();
            assertThat(group.lend()).isTrue();
            assertThat(group.lend()).isFalse();
        }
    }

    private static Ring ring() throws SystemCallException {
        return KernelRing.open(8, 16, Availability.get().usable().setupFlags());
    }

    private static BufferGroup group(Ring ring, int count, int countMax)
            throws SystemCallException {
        return new BufferGroup(ring, 1, count, countMax, id -> ByteBuffer.allocateDirect(64));
    }
}
