package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.Sqe;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets a buffer when there are too few, and how many there come to be. */
@EnabledIfAvailable
final class BufferGroupTest {

    private static final int GROUP = 0;
    private static final int BUFFER_BYTES = 64;

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

    @Test
    void groupDoesNotGrowWhileMessagesAreLarge() throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, group(ring, 2, 8))) {
            BufferGroup group = picks.group;
            picks.receive(64, 64);
            group.lineUp(() -> { });
            group.publish();
            assertThat(group.count()).isEqualTo(2);
            picks.receive(64, 16);
            group.lineUp(() -> { });
            group.publish();
            assertThat(group.count()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource({"32, 8", "33, 3"})
    void groupHoldsTwiceAsMuchOfMessagesThatFillHalfABufferAtMost(int bytes, int count)
            throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, group(ring, 2, 16))) {
            picks.receive(64, bytes);
            for (int i = 0; i < 3; i++) {
                picks.group.lineUp(() -> { });
                picks.group.publish();
            }
            assertThat(picks.group.count()).isEqualTo(count);
        }
    }

    @Test
    void buffersArePutByWhenMessagesBecomeLargeAndTakenAgainWhenTheyAreSmall() throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, grown(ring))) {
            BufferGroup group = picks.group;
            picks.receive(64, 64);
            assertThat(group.count()).isEqualTo(2);
            picks.receive(64, 1);
            group.lineUp(() -> { });
            group.publish();
            assertThat(group.count()).isEqualTo(4);
            picks.receive(64, 64);
            assertThat(group.count()).isEqualTo(2);
            picks.receive(64, 1);
            group.lineUp(() -> { });
            group.publish();
            assertThat(picks.all()).hasSize(4).doesNotHaveDuplicates();
        }
    }

    @Test
    void atMostHalfOfThoseThatGoRoundAreLent() throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, grown(ring))) {
            BufferGroup group = picks.group;
            int[] lent = {picks.lend(), picks.lend(), picks.lend()};
            picks.receive(64, 64);
            assertThat(group.count()).as("two for each that is lent").isEqualTo(6);
            assertThat(group.lend()).isFalse();
            group.giveBackLent(lent[0]);
            group.giveBackLent(lent[1]);
            assertThat(group.count()).isEqualTo(4);
            picks.receive(64, 64);
            assertThat(group.count()).isEqualTo(2);
            assertThat(picks.all()).hasSize(1).doesNotContain(lent[2]);
        }
    }

    @Test
    void halfOfAnOddNumberIsRoundedDown() throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, group(ring, 4, 8))) {
            BufferGroup group = picks.group;
            picks.receive(64, 48);  // five times that, but not six times, is what four hold
            for (int i = 0; i < 2; i++) {
                group.lineUp(() -> { });
                group.publish();
            }
            assertThat(group.count()).isEqualTo(5);
            assertThat(group.lend()).isTrue();
            assertThat(group.lend()).isTrue();
            assertThat(group.lend()).isFalse();
        }
    }

    @Test
    void whoFoundNoBufferTriesAgainAlsoWhenSomeWerePutBy() throws Exception {
        try (Ring ring = ring(); Picks picks = new Picks(ring, grown(ring))) {
            BufferGroup group = picks.group;
            picks.receive(64, 64);
            List<Integer> tried = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int connection = i;
                group.lineUp(() -> tried.add(connection));
            }
            group.publish();
            assertThat(tried).containsExactly(0, 1);
            group.publish();
            assertThat(tried).containsExactly(0, 1, 2);
        }
    }

    @Test
    void filledEndIsTheFarthestOfAllReceivesUntilTheBufferIsReplaced() throws Exception {
        try (Ring ring = ring()) {
            BufferGroup group = group(ring, 2, 2);
            group.received(0, 40);
            group.received(0, 3);
            assertThat(group.filledEnd(0)).isEqualTo(40);
            assertThat(group.filledEnd(1)).isZero();
            group.append(0, 39, ByteBuffer.allocateDirect(4));
            assertThat(group.filledEnd(0)).isEqualTo(43);
            ByteBuffer other = ByteBuffer.allocateDirect(64);
            group.replace(0, other, NativeMemory.address(other));
            assertThat(group.filledEnd(0)).isZero();
        }
    }

    /** A group of 2 to begin with, and 8 by now. */
    private static BufferGroup grown(Ring ring) throws SystemCallException {
        BufferGroup group = group(ring, 2, 8);
        while (group.count() < 8) {
            group.lineUp(() -> { });
            group.publish();
        }
        return group;
    }

    private static Ring ring() throws SystemCallException {
        return KernelRing.open(8, 16, Availability.get().usable().setupFlags());
    }

    private static BufferGroup group(Ring ring, int count, int countMax)
            throws SystemCallException {
        return new BufferGroup(ring, GROUP, count, countMax, 2L * count * BUFFER_BYTES,
                id -> ByteBuffer.allocateDirect(BUFFER_BYTES));
    }

    /** Has the kernel pick buffers of the group. */
    private static final class Picks implements AutoCloseable {

        private static final int EVENT_BYTES = 8;

        private final Ring ring;
        private final BufferGroup group;
        private final int events = SystemCalls.eventDescriptor();

        Picks(Ring ring, BufferGroup group) throws SystemCallException {
            this.ring = ring;
            this.group = group;
            ring.enable();
        }

        /** As if so many bytes had come, so often; each time the buffer is given back. */
        void receive(int times, int bytes) {
            for (int i = 0; i < times; i++) {
                int bufferId = pick();
                group.received(bufferId, bytes);
                group.giveBack(bufferId);
                group.publish();
            }
        }

        int lend() {
            assertThat(group.lend()).isTrue();
            return pick();
        }

        int pick() {
            int flags = read();
            assertThat(flags & Cqe.IORING_CQE_F_BUFFER).as("a buffer").isNotZero();
            return Cqe.bufferId(flags);
        }

        /** Returns the ids of all buffers that the kernel has, and takes them from it. */
        List<Integer> all() {
            List<Integer> bufferIds = new ArrayList<>();
            for (int flags = read(); Cqe.bufferId(flags) >= 0; flags = read()) {
                bufferIds.add(Cqe.bufferId(flags));
            }
            return bufferIds;
        }

        private int read() {
            SystemCalls.signal(events);
            ring.read(events, 0, EVENT_BYTES, 0, Sqe.IOSQE_BUFFER_SELECT, 1);
            int[] flags = {0};
            while (ring.reap(new long[1], new int[1], flags) == 0) {
                assertThat(ring.enter(1, Ring.FOREVER)).isNotNegative();
            }
            return flags[0];
        }

        @Override
        public void close() {
            SystemCalls.close(events);
        }
    }
}
