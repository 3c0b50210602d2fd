package io.proactor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.HandlerRunner;
import io.proactor.operation.Kind;
import io.proactor.operation.OperationOwner;
import io.proactor.operation.OperationTable;
import io.proactor.operation.Outcome;
import io.proactor.operation.TimerOperation;
import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of operations in one table, move by move as the fuzzer wants, against a model that keeps
 * the phase of each life in the open: an abort hits the life that its id names or nothing, each
 * initiation leads to one call of its handler, with its own attachment, and no slot is lost.
 */
@WhereJazzerRuns
final class OperationFuzzTest {

    private static final int OPERATIONS_MAX = 12;

    @FuzzTest
    void everyMoveDoesWhatTheModelDoes(byte[] data) {
        Choices choices = Choices.of(data);
        World world = new World(choices);
        while (!choices.usedUp()) {
            world.move();
            world.compare();
        }
        world.end();
    }

    private enum Phase { IDLE, CLAIMED, PENDING, ABORTING, COMPLETED, GONE }

    /** An operation, and what the model knows of it. */
    private static final class Life implements OperationOwner,
            CompletionHandler<@Nullable Void, Long> {
        final TimerOperation operation;
        Phase phase = Phase.IDLE;
        @Nullable AbortReason reason;
        @Nullable IOException cause;
        long lives;
        long attachment;
        int toldOfAbort;
        int retired;
        int handled;
        int calls;
        int aborts;
        int initiated;

        Life(OperationTable table) {
            operation = new TimerOperation(this, table);
        }

        @Override
        public void onAbort(AsynchronousOperation aborted) {
            toldOfAbort++;
        }

        @Override
        public void onRetire(AsynchronousOperation operation, Outcome outcome) {
            retired++;
            assertThat(operation.pending()).isFalse();
            assertThat(outcome).isEqualTo(cause == null ? Outcome.COMPLETED : Outcome.FAILED);
        }

        @Override
        public void onHandled(Kind kind) {
            handled++;
        }

        @Override
        public void completed(@Nullable Void result, Long attached) {
            called(null, attached);
        }

        @Override
        public void failed(Throwable failure, Long attached) {
            called(failure, attached);
        }

        private void called(@Nullable Throwable failure, long attached) {
            calls++;
            assertThat(failure).isSameAs(cause);
            assertThat(attached).isEqualTo(attachment);
            assertThat(retired).as("retired before its handler").isEqualTo(calls);
        }
    }

    private static final class World {
        private final Choices choices;
        private final OperationTable table = new OperationTable();
        private final List<Life> lives = new ArrayList<>();
        private final List<Long> ids = new ArrayList<>();
        private final Set<Long> given = new HashSet<>();
        private final HandlerRunner runner = new HandlerRunner((thrown, id, owner) -> {
            throw new AssertionError(thrown);
        });

        World(Choices choices) {
            this.choices = choices;
        }

        void move() {
            int what = choices.below(9);
            if (what == 0 || lives.isEmpty()) {
                if (lives.size() < OPERATIONS_MAX) {
                    lives.add(new Life(table));
                }
                return;
            }
            Life life = lives.get(choices.below(lives.size()));
            switch (what) {
                case 1, 2 -> claim(life);
                case 3 -> initiate(life);
                case 4 -> abandon(life);
                case 5 -> abort();
                case 6 -> complete(life);
                case 7 -> dispatch(life);
                default -> unregister(life);
            }
        }

        private void claim(Life life) {
            if (life.phase == Phase.GONE) {
                return;
            }
            boolean claimed = life.operation.claim();
            assertThat(claimed).isEqualTo(life.phase == Phase.IDLE);
            if (claimed) {
                life.phase = Phase.CLAIMED;
                life.lives++;
                long id = life.operation.id();
                assertThat(given.add(id)).as("an id is never given twice").isTrue();
                ids.add(id);
            }
        }

        private void initiate(Life life) {
            if (life.phase == Phase.CLAIMED) {
                life.attachment = ids.size();
                life.operation.prepareAt(0, life.attachment, life);
                life.operation.initiate(0);
                life.phase = Phase.PENDING;
                life.initiated++;
                life.reason = null;
            }
        }

        private void abandon(Life life) {
            if (life.phase == Phase.CLAIMED) {
                life.operation.abandon();
                life.phase = Phase.IDLE;
            }
        }

        /** With an id that was given at any time, or with one that never was. */
        private void abort() {
            int at = choices.below(ids.size() + 1);
            long id = at < ids.size() ? ids.get(at) : (long) choices.below(65_536) << 20;
            AbortReason reason = AbortReason.values()[choices.below(4)];
            Life named = null;
            for (Life each : lives) {
                if (each.phase == Phase.PENDING && each.operation.id() == id) {
                    named = each;
                }
            }
            boolean aborted = choices.onceIn(2) && named != null
                    ? table.abort(id, named, reason) : table.abort(id, reason);
            assertThat(aborted).isEqualTo(named != null);
            if (named != null) {
                named.phase = Phase.ABORTING;
                named.reason = reason;
                named.aborts++;
            }
        }

        private void complete(Life life) {
            if (life.phase == Phase.PENDING || life.phase == Phase.ABORTING) {
                assertThat(life.operation.aborting()).isEqualTo(life.reason);
                life.cause = choices.onceIn(2) ? new IOException("planned") : null;
                life.operation.complete(life.cause);
                life.phase = Phase.COMPLETED;
            }
        }

        private void dispatch(Life life) {
            if (life.phase == Phase.COMPLETED) {
                life.operation.dispatch(runner);
                life.phase = Phase.IDLE;
            }
        }

        private void unregister(Life life) {
            if (life.phase == Phase.IDLE) {
                table.unregister(life.operation);
                life.phase = Phase.GONE;
                lives.remove(life);
                checkCalls(life);
            }
        }

        void compare() {
            int registered = 0;
            for (Life each : lives) {
                assertThat(each.operation.pending())
                        .isEqualTo(each.phase == Phase.PENDING || each.phase == Phase.ABORTING);
                assertThat(each.operation.completed()).isEqualTo(each.phase == Phase.COMPLETED);
                assertThat(table.find(each.operation.id())).isSameAs(each.operation);
                assertThat(each.toldOfAbort).isEqualTo(each.aborts);
                registered++;
            }
            int[] visited = {0};
            table.forEach(operation -> visited[0]++);
            assertThat(visited[0]).as("operations in the table").isEqualTo(registered);
            if (!ids.isEmpty()) {
                long id = ids.get(choices.below(ids.size()));
                AsynchronousOperation found = table.find(id);
                assertThat(found == null || found.id() == id).isTrue();
            }
        }

        /** Brings each life to its end, and counts. */
        void end() {
            for (Life each : List.copyOf(lives)) {
                abandon(each);
                complete(each);
                dispatch(each);
                unregister(each);
            }
            assertThat(lives).isEmpty();
            compare();
        }

        private static void checkCalls(Life life) {
            assertThat(life.calls).as("one call an initiation").isEqualTo(life.initiated);
            assertThat(life.handled).isEqualTo(life.initiated);
        }
    }
}
