package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.OperationFailure;
import io.proactor.spi.StreamHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Reads, receives and writes that are cancelled and time out at random, and handles that are
 * disconnected and connected again, on calls that stop short, come late or fail. Whatever happens,
 * handlers are called once, and what they are told of bytes is exact: what the other end got is the
 * concatenation of what each write says it has moved, and the other way round; and nothing of one
 * connection is seen on the next.
 *
 * <p>A failing seed is in the message; {@code -Dproactor.test.seed} repeats it, as far as threads
 * do.
 */
final class Nio2StormTest {

    private static final int SEEDS = 40;

    private final ExecutorService helpers = Executors.newCachedThreadPool(Nio2Bench::daemon);

    @AfterEach
    void endHelpers() {
        helpers.shutdownNow();
    }

    @Test
    void everyByteIsAccountedForWhenNothingFails() throws Exception {
        forEachSeed(0);
    }

    @Test
    void everyByteIsAccountedForWhenCallsFail() throws Exception {
        forEachSeed(300);
    }

    private void forEachSeed(int failOneIn) throws Exception {
        Long fixed = Long.getLong("proactor.test.seed");
        long first = fixed != null ? fixed : System.nanoTime();
        for (long seed = first; seed < first + (fixed != null ? 1 : SEEDS); seed++) {
            try {
                storm(seed, failOneIn);
            } catch (Throwable thrown) {
                throw new AssertionError("-Dproactor.test.seed=" + seed, thrown);
            }
        }
    }

    private void storm(long seed, int failOneIn) throws Exception {
        try (StormyCalls calls = new StormyCalls(seed, failOneIn);
                Nio2Bench bench = new Nio2Bench(calls, 1 + (int) (seed & 1))) {
            List<Future<Void>> connections = new ArrayList<>();
            List<StreamHandle> handles = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                // The second three have the handles of the first three, if they are open still.
                StreamHandle old = i < 3 ? null : handles.get(i - 3);
                if (i >= 3) {
                    connections.get(i - 3).get(60, TimeUnit.SECONDS);
                }
                Nio2Bench.Pair pair = old != null && old.isOpen() ? bench.connected(old)
                        : bench.connected();
                handles.add(pair.handle());
                SplittableRandom random = new SplittableRandom(seed + i);
                connections.add(helpers.submit(() -> converse(bench, pair, random)));
            }
            for (Future<Void> each : connections) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(bench.listener.failures).isEmpty();
        }
    }

    private Void converse(Nio2Bench bench, Nio2Bench.Pair pair, SplittableRandom random)
            throws Exception {
        byte[] sent = new byte[random.nextInt(200_000)];
        random.nextBytes(sent);
        Future<Void> sender = helpers.submit(() -> send(pair, sent));
        Future<byte[]> receiver = helpers.submit(() -> receive(pair));
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        SplittableRandom writing = random.split();
        Future<Boolean> writer = helpers.submit(() -> write(bench, pair, writing, written));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        boolean whole = read(bench, pair, random, read);
        boolean clean = writer.get(30, TimeUnit.SECONDS);
        if (clean) {
            pair.handle().shutdownOutput();
        } else {
            disconnect(bench, pair.handle());
        }
        byte[] got = read.toByteArray();
        assertThat(got).isEqualTo(Arrays.copyOf(sent, whole ? sent.length : got.length));
        byte[] out = written.toByteArray();
        byte[] received = receiver.get(30, TimeUnit.SECONDS);
        if (clean) {
            assertThat(received).as("what the other end got").isEqualTo(out);
        } else {
            // A close with unread bytes resets the connection, which may cost some that were sent.
            assertThat(received).isEqualTo(Arrays.copyOf(out, received.length));
        }
        disconnect(bench, pair.handle());
        sender.get(30, TimeUnit.SECONDS);
        pair.peer().close();
        return null;
    }

    /** It fails only if the connection had been given up, and the handle with it. */
    private static void disconnect(Nio2Bench bench, StreamHandle handle) throws Exception {
        if (handle.isOpen()) {
            Recorded<Object> disconnect = bench.disconnect(handle);
            assertThat(disconnect.cause() == null || !handle.isOpen()).isTrue();
        }
    }

    private static Void send(Nio2Bench.Pair pair, byte[] bytes) {
        try {
            pair.peer().getOutputStream().write(bytes);
            pair.peer().shutdownOutput();
        } catch (IOException e) {
            // The connection was closed, because a call failed.
        }
        return null;
    }

    private static byte[] receive(Nio2Bench.Pair pair) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            pair.peer().getInputStream().transferTo(received);
        } catch (IOException e) {
            // Reset, for the same reason.
        }
        return received.toByteArray();
    }

    /** Writes with up to four pending at a time. True if all went out but what was aborted. */
    private static boolean write(Nio2Bench bench, Nio2Bench.Pair pair, SplittableRandom random,
            ByteArrayOutputStream written) throws Exception {
        List<ByteBuffer> sources = new ArrayList<>();
        List<Recorded<Integer>> pending = new ArrayList<>();
        boolean clean = true;
        for (int i = 0; i < 60; i++) {
            byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(300_000)
                    : random.nextInt(2_000)];
            random.nextBytes(bytes);
            sources.add(ByteBuffer.wrap(bytes));
            long nanos = random.nextInt(4) == 0 ? 1 + random.nextInt(3_000_000) : 0;
            pending.add(bench.write(pair.handle(), sources.get(i), nanos));
            if (random.nextInt(6) == 0) {
                bench.cancel(pending.get(random.nextInt(pending.size())));
            }
            if (i >= 4) {
                pending.get(i - 4).cause();
            }
        }
        for (int i = 0; i < pending.size(); i++) {
            Recorded<Integer> each = pending.get(i);
            Throwable cause = each.cause();
            ByteBuffer source = sources.get(i);
            long moved = cause == null ? each.value() : ((OperationFailure) cause).bytesMoved();
            assertThat(each.calls()).isEqualTo(1);
            assertThat(moved).isEqualTo(source.position());
            written.write(source.array(), 0, source.position());
            clean &= cause == null || aborted(cause);
        }
        // Bytes of writes that were aborted may be on their way still; if that call fails, only a
        // later write can tell.
        Recorded<Integer> last = bench.write(pair.handle(), ByteBuffer.allocate(0), 0);
        return clean & last.cause() == null;
    }

    /** Reads to the end. True if that was the end of the stream. */
    private static boolean read(Nio2Bench bench, Nio2Bench.Pair pair, SplittableRandom random,
            ByteArrayOutputStream read) throws Exception {
        while (true) {
            if (random.nextInt(3) == 0) {
                Throwable cause = receive(bench, pair, random, read);
                if (cause != null && !aborted(cause)) {
                    return false;
                }
            }
            ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(20_000));
            int minimum = random.nextBoolean() ? 1 : random.nextInt(target.remaining() + 1);
            long nanos = random.nextInt(4) == 0 ? 1 + random.nextInt(2_000_000) : 0;
            Recorded<Integer> each = bench.read(pair.handle(), target, minimum, nanos);
            if (random.nextInt(6) == 0) {
                bench.cancel(each);
            }
            Throwable cause = each.cause();
            assertThat(each.calls()).isEqualTo(1);
            read.write(target.array(), 0, target.position());
            if (cause == null && each.value() < 0) {
                return true;
            }
            if (cause != null) {
                assertThat(((OperationFailure) cause).bytesMoved()).isEqualTo(target.position());
                if (cause instanceof io.proactor.EndOfStreamException) {
                    return true;
                }
                if (!aborted(cause)) {
                    return false;
                }
            }
        }
    }

    /** Waits, or receives. Returns the failure. The end of the stream is for the next read. */
    private static @Nullable Throwable receive(Nio2Bench bench, Nio2Bench.Pair pair,
            SplittableRandom random, ByteArrayOutputStream read) throws Exception {
        long nanos = random.nextInt(4) == 0 ? 1 + random.nextInt(2_000_000) : 0;
        boolean wait = random.nextBoolean();
        Recorded<?> each = wait ? bench.waitReadable(pair.handle(), nanos)
                : bench.receive(pair.handle(), 1 + random.nextInt(10_000), nanos);
        if (random.nextInt(6) == 0) {
            bench.cancel(each);
        }
        Throwable cause = each.cause();
        assertThat(each.calls()).isEqualTo(1);
        if (cause == null && each.value() instanceof Leased leased) {
            read.writeBytes(leased.taken().getBytes(StandardCharsets.ISO_8859_1));
        }
        return cause;
    }

    private static boolean aborted(Throwable cause) {
        return cause instanceof io.proactor.OperationCancelledException
                || cause instanceof io.proactor.OperationTimedOutException;
    }
}
