package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Completions;
import io.proactor.OperationCancelledException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cancels by way of the bridges, against completions: either may win, and no byte is lost. */
interface BridgeRaceContract extends Contract {

    @Test
    @DisplayName("An interrupt that races the data: the result or Cancelled, and no byte is lost")
    default void interruptThatRacesDataLosesNoByte() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seed.of("interruptThatRacesDataLosesNoByte"));
        Completions completions = Completions.of(bench().proactor());
        Pair pair = bench().accepted();
        for (int round = 0; round < 300; round++) {
            String sent = String.format("%04d", round);
            ByteBuffer target = ByteBuffer.allocate(4);
            Waiting waiting = new Waiting(() -> completions.<Integer>await(
                    h -> pair.socket().readExactly(target, null, h)));
            waiting.awaitParked();
            Future<Void> sender = send(pair, sent, random.nextInt(100_000));
            LockSupport.parkNanos(random.nextInt(150_000));
            waiting.interrupt();
            Throwable thrown = waiting.thrown();
            if (thrown == null) {
                assertThat(waiting.value()).isEqualTo(4);
            } else {
                assertThat(thrown).isExactlyInstanceOf(OperationCancelledException.class);
                assertThat(((OperationCancelledException) thrown).bytesMoved())
                        .isEqualTo(target.position());
                assertThat(waiting.interruptedAfterwards()).isTrue();
            }
            assertThat(Bytes.text(target) + pair.readText(target.remaining())).isEqualTo(sent);
            Bench.join(sender);
        }
    }

    @Test
    @DisplayName("A cancel of a stage that races the data: one outcome, and no byte is lost")
    default void cancelOfStageThatRacesDataLosesNoByte() throws Exception {
        SplittableRandom random =
                new SplittableRandom(Seed.of("cancelOfStageThatRacesDataLosesNoByte"));
        Completions completions = Completions.of(bench().proactor());
        Pair pair = bench().accepted();
        for (int round = 0; round < 500; round++) {
            String sent = String.format("%04d", round);
            ByteBuffer target = ByteBuffer.allocate(4);
            CompletableFuture<Integer> read =
                    completions.stage(h -> pair.socket().readExactly(target, null, h));
            Future<Void> sender = send(pair, sent, random.nextInt(60_000));
            LockSupport.parkNanos(random.nextInt(100_000));
            boolean cancelled = read.cancel(false);
            try {
                assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(4);
            } catch (ExecutionException e) {
                assertThat(cancelled).isTrue();
                assertThat(((OperationCancelledException) e.getCause()).bytesMoved())
                        .isEqualTo(target.position());
            }
            assertThat(Bytes.text(target) + pair.readText(target.remaining())).isEqualTo(sent);
            Bench.join(sender);
        }
    }

    private Future<Void> send(Pair pair, String text, int afterNanos) {
        return bench().start(() -> {
            LockSupport.parkNanos(afterNanos);
            pair.peer().send(text);
            return null;
        });
    }
}
