package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ReadPendingException;
import java.nio.channels.WritePendingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reads, writes, timeouts, cancels and ends as they come: each operation that was initiated calls
 * its handler once, and its group ends. On the best processor of the module. The seed is printed.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class ChannelStorm {

    private static final int CHANNELS = 150;
    private static final int STEPS = 12;

    private final ChannelBench bench =
            new ChannelBench(new ProactorAsynchronousChannelProvider());

    @AfterEach
    final void settle() throws Exception {
        bench.close();
    }

    @Test
    final void eachHandlerIsCalledOnceWhateverHappens() throws Exception {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println("eachHandlerIsCalledOnceWhateverHappens: -Dproactor.test.seed=" + seed);
        Random random = new Random(seed);
        for (AsynchronousChannelGroup group : List.of(bench.fixed(2),
                bench.keep(bench.provider().openAsynchronousChannelGroup(
                        Executors.newCachedThreadPool(), 0)))) {
            List<Ended<?>> all = new ArrayList<>();
            for (int i = 0; i < CHANNELS; i++) {
                storm(bench.connected(group), random, all);
            }
            group.shutdownNow();
            assertThat(group.awaitTermination(Ended.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            for (Ended<?> each : all) {
                each.failureOrNull();  // waits for it, and that it was called once
            }
        }
    }

    private static void storm(ChannelBench.Connected pair, Random random, List<Ended<?>> all)
            throws Exception {
        for (int step = 0; step < STEPS; step++) {
            try {
                step(pair, random, all);
            } catch (ReadPendingException | WritePendingException e) {
                // one was outstanding: then nothing was initiated
            } catch (IllegalStateException e) {
                return;  // a direction that timed out or was cancelled
            } catch (IOException e) {
                return;  // the peer's end is closed already
            }
        }
    }

    private static void step(ChannelBench.Connected pair, Random random, List<Ended<?>> all)
            throws Exception {
        AsynchronousSocketChannel channel = pair.channel();
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                Ended<Integer> read = new Ended<>();
                channel.read(ByteBuffer.allocate(1 + random.nextInt(64)), random.nextInt(3),
                        TimeUnit.MILLISECONDS, null, read);
                all.add(read);
            }
            case 3, 4 -> {
                Ended<Long> scatter = new Ended<>();
                channel.read(new ByteBuffer[] {ByteBuffer.allocate(3), ByteBuffer.allocate(9)}, 0,
                        2, 1, TimeUnit.SECONDS, null, scatter);
                all.add(scatter);
            }
            case 5, 6 -> {
                Ended<Integer> write = new Ended<>();
                channel.write(ByteBuffer.allocate(random.nextInt(1 << 21)), random.nextInt(5),
                        TimeUnit.MILLISECONDS, null, write);
                all.add(write);
            }
            case 7 -> {
                Future<Integer> read = channel.read(ByteBuffer.allocate(8));
                read.cancel(random.nextInt(8) == 0);
            }
            case 8, 9 -> pair.send("some bytes");
            case 10 -> {
                if (random.nextInt(3) == 0) {
                    pair.peer().close();
                }
            }
            default -> {
                if (random.nextInt(3) == 0) {
                    channel.close();
                }
            }
        }
    }
}
