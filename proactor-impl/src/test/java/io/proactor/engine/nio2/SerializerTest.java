package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One thread at a time, no signal forgotten, and nobody captured. */
final class SerializerTest {

    /** A member that is told by tests what to do in its turns. */
    private static final class Scripted implements Serializer.Member {
        final Serializer serializer;
        Runnable turn = () -> { };
        int turns;
        final List<Throwable> failures = new ArrayList<>();

        Scripted(Executor relay) {
            serializer = new Serializer(this, relay);
        }

        @Override
        public void onTurn() {
            turns++;
            turn.run();
        }

        @Override
        public void onFailure(Throwable thrown) {
            failures.add(thrown);
        }
    }

    @Test
    void signalInsideATurnIsAnotherTurnAndNotANestedOne() {
        Scripted member = new Scripted(task -> { });
        int[] depth = {0};
        member.turn = () -> {
            assertThat(++depth[0]).isEqualTo(1);
            if (member.turns < 5) {
                member.serializer.signal();
                member.serializer.signal();
            }
            depth[0]--;
        };
        member.serializer.signal();
        assertThat(member.turns).isEqualTo(5);
        member.serializer.signal();
        assertThat(member.turns).as("it was let go").isEqualTo(6);
    }

    @Test
    void initiatorOfABusyHandleIsLetGoAfterItsTurns() {
        ArrayDeque<Runnable> relayed = new ArrayDeque<>();
        Scripted member = new Scripted(relayed::add);
        member.turn = member.serializer::signal;
        member.serializer.signal();
        assertThat(member.turns).isEqualTo(Serializer.TURNS_MAX);
        assertThat(relayed).hasSize(1);

        member.serializer.signal();
        assertThat(member.turns).as("it is still held").isEqualTo(Serializer.TURNS_MAX);

        member.turn = () -> { };
        relayed.remove().run();
        assertThat(member.turns).isEqualTo(Serializer.TURNS_MAX + 1);
        assertThat(relayed).isEmpty();
        member.serializer.signal();
        assertThat(member.turns).isEqualTo(Serializer.TURNS_MAX + 2);
    }

    @Test
    void turnThatThrowsIsToldAndTheSerializerIsLetGo() {
        Scripted member = new Scripted(task -> { });
        Error error = new AssertionError("thrown by the test");
        member.turn = () -> {
            throw error;
        };
        member.serializer.signal();
        assertThat(member.failures).containsExactly(error);
        member.turn = () -> { };
        member.serializer.signal();
        assertThat(member.turns).isEqualTo(2);
    }

    /** The count is plain: two threads inside, or a turn that does not see, would lose some. */
    @Test
    void manySignallersLoseNothing() throws Exception {
        int threads = 4;
        int messages = 200_000;
        AtomicInteger inbox = new AtomicInteger();
        long[] taken = {0};
        CountDownLatch allTaken = new CountDownLatch(1);
        Executor elsewhere = task -> {
            Thread relay = new Thread(task);
            relay.setDaemon(true);
            relay.start();
        };
        Scripted member = new Scripted(elsewhere);
        member.turn = () -> {
            taken[0] += inbox.getAndSet(0);
            if (taken[0] == (long) threads * messages) {
                allTaken.countDown();
            }
        };
        for (int i = 0; i < threads; i++) {
            elsewhere.execute(() -> {
                for (int j = 0; j < messages; j++) {
                    inbox.incrementAndGet();
                    member.serializer.signal();
                }
            });
        }
        assertThat(allTaken.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(member.failures).isEmpty();
    }
}
