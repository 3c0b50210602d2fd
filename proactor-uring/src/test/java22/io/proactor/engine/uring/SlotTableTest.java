package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.engine.uring.ffm.Opcode;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Names of requests: one that is over never means another. */
final class SlotTableTest {

    private final SlotTable slots = new SlotTable();

    @Test
    void nameFindsItsRequesterUntilItIsFreed() {
        Requester requester = requester();
        long name = slots.take(Opcode.IORING_OP_RECV, requester, null);
        assertThat(slots.find(name)).isSameAs(requester);
        assertThat(slots.live(name)).isTrue();
        assertThat(slots.kind(name)).isEqualTo(Opcode.IORING_OP_RECV);
        assertThat(SlotTable.kindOf(name)).isEqualTo(Opcode.IORING_OP_RECV);
        slots.free(name);
        assertThat(slots.live(name)).isFalse();
        assertThat(slots.stale()).isZero();
        assertThat(slots.find(name)).isNull();
        assertThat(slots.stale()).isEqualTo(1);
    }

    @Test
    void lateCompletionDoesNotReachTheNextUseOfTheSlot() {
        long first = slots.take(Opcode.IORING_OP_RECV, requester(), null);
        slots.free(first);
        Requester next = requester();
        long second = slots.take(Opcode.IORING_OP_SEND, next, null);
        assertThat((int) second).as("the same slot").isEqualTo((int) first);
        assertThat(second).isNotEqualTo(first);
        assertThat(slots.find(first)).isNull();
        assertThat(slots.stale()).isEqualTo(1);
        assertThat(slots.find(second)).isSameAs(next);
    }

    @Test
    void nameOfCancelMeansTheSameRequest() {
        long name = slots.take(Opcode.IORING_OP_RECV, requester(), null);
        long cancel = SlotTable.withKind(name, Opcode.IORING_OP_ASYNC_CANCEL);
        assertThat(SlotTable.kindOf(cancel)).isEqualTo(Opcode.IORING_OP_ASYNC_CANCEL);
        assertThat(slots.live(cancel)).isTrue();
        assertThat(SlotTable.withKind(cancel, slots.kind(cancel))).isEqualTo(name);
        slots.free(name);
        assertThat(slots.live(cancel)).isFalse();
    }

    @Test
    void namesThatNobodyTookFindNobody() {
        assertThat(slots.find(-1L)).isNull();
        assertThat(slots.find(SlotTable.NONE)).isNull();
        assertThat(slots.find(Long.MAX_VALUE)).isNull();
        assertThat(slots.stale()).isEqualTo(3);
    }

    @Test
    void manyRequestsAreToldApartWhileTheyComeAndGo() {
        SplittableRandom random = new SplittableRandom(7);
        Map<Long, Requester> live = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            if (live.size() < 3_000 && random.nextInt(5) < 3) {
                Requester requester = requester();
                assertThat(live.put(slots.take(1 + random.nextInt(100), requester, null),
                        requester)).isNull();
            } else if (!live.isEmpty()) {
                long name = live.keySet().iterator().next();
                assertThat(slots.find(name)).isSameAs(live.remove(name));
                slots.free(name);
            }
            assertThat(slots.inFlight()).isEqualTo(live.size());
        }
        live.forEach((name, requester) -> assertThat(slots.find(name)).isSameAs(requester));
        assertThat(slots.stale()).isZero();
    }

    private static Requester requester() {
        return new Requester() {
            @Override
            public void onCompletion(int result, int flags) {
                throw new AssertionError("nobody submits anything here");
            }

            @Override
            public void onFailure(Throwable cause) {
                throw new AssertionError(cause);
            }
        };
    }
}
