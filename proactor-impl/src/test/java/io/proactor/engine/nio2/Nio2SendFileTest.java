package io.proactor.engine.nio2;

import static io.proactor.engine.nio2.Nio2Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.SocketClosedException;
import io.proactor.TransferFailedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions of files among the writes of a connection. */
final class Nio2SendFileTest {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    @TempDir
    private Path directory;

    private Path path;

    /** Physical writes that wait for the test. */
    private static final class HeldWrites extends PassingCalls {
        final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        volatile boolean pass;

        @Override
        public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                CompletionHandler<Integer, @Nullable Void> handler) {
            if (pass) {
                super.write(channel, source, handler);
            } else {
                held.add(() -> super.write(channel, source, handler));
            }
        }

        Runnable take() throws Exception {
            Nio2Bench.until("a physical write", () -> !held.isEmpty());
            return held.remove();
        }
    }

    @BeforeEach
    void makeFile() throws Exception {
        path = Files.writeString(directory.resolve("file"), "0123456789");
    }

    @Test
    void fileGoesOutInOrderBetweenItsHeaderAndItsTrailer() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls); FileChannel file = FileChannel.open(path)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> before = bench.write(pair.handle(), bytes("before "));
            Runnable first = calls.take();
            ByteBuffer header = bytes("<");
            ByteBuffer trailer = bytes(">");
            Recorded<Long> whole =
                    bench.sendFile(pair.handle(), header, file, 2, 6, trailer);
            Recorded<Long> bare = bench.sendFile(pair.handle(), NOTHING, file, 0, 2, NOTHING);
            Recorded<Long> none = bench.sendFile(pair.handle(), bytes("["), file, 99, 0,
                    bytes("]"));
            Recorded<Integer> behind = bench.write(pair.handle(), bytes(" behind"));
            calls.pass = true;
            first.run();
            assertThat(before.value()).isEqualTo(7);
            assertThat(whole.value()).isEqualTo(8);
            assertThat(bare.value()).isEqualTo(2);
            assertThat(none.value()).isEqualTo(2);
            assertThat(behind.value()).isEqualTo(7);
            assertThat(pair.receive(26)).isEqualTo("before <234567>01[] behind");
            assertThat(header.hasRemaining() || trailer.hasRemaining()).isFalse();
            assertThat(file.position()).as("the channel's own position").isZero();
        }
    }

    /** Cut anywhere: in the header, in the file, in the trailer. */
    @Test
    void largeFileIsExactHoweverLittleTheSystemTakes() throws Exception {
        byte[] content = new byte[200_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + i / 251);
        }
        Files.write(path, content);
        try (Nio2Bench bench = new Nio2Bench(new PassingCalls() {
            private int call;

            @Override
            public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                    CompletionHandler<Integer, @Nullable Void> handler) {
                int some = Math.min(source.remaining(), 1 + call++ * 7 % 5_000);
                super.write(channel, source.limit(source.position() + some), handler);
            }
        }); FileChannel file = FileChannel.open(path)) {
            Nio2Bench.Pair pair = bench.connected();
            String header = "h".repeat(70_000);
            String trailer = "t".repeat(70_000);
            Recorded<Long> sent = bench.sendFile(pair.handle(), bytes(header), file, 1,
                    content.length - 2, bytes(trailer));
            Recorded<Integer> behind = bench.write(pair.handle(), bytes("behind"));
            int total = 140_000 + content.length - 2 + 6;
            byte[] received = pair.peer().getInputStream().readNBytes(total);
            assertThat(sent.value()).isEqualTo(total - 6);
            assertThat(behind.value()).isEqualTo(6);
            assertThat(Arrays.copyOf(received, 70_000))
                    .isEqualTo(header.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(Arrays.copyOfRange(received, 70_000, 70_000 + content.length - 2))
                    .isEqualTo(Arrays.copyOfRange(content, 1, content.length - 1));
            assertThat(new String(received, 70_000 + content.length - 2, 70_006,
                    StandardCharsets.ISO_8859_1)).isEqualTo(trailer + "behind");
        }
    }

    @Test
    void positionsBeyondFourGigabytesAreMeant() throws Exception {
        long far = (1L << 32) + 5;
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
                FileChannel file = FileChannel.open(path, StandardOpenOption.READ,
                        StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            file.write(bytes("far"), far);
            Nio2Bench.Pair pair = bench.connected();
            assertThat(bench.sendFile(pair.handle(), NOTHING, file, far, 3, NOTHING).value())
                    .isEqualTo(3);
            assertThat(pair.receive(3)).isEqualTo("far");
            // More than an int can count: as many bytes as were taken until the close are told.
            Recorded<Long> huge = bench.sendFile(pair.handle(), NOTHING, file, 0, far, NOTHING);
            assertThat(pair.receive(10)).isEqualTo("0123456789");
            assertThat(bench.cancel(huge)).isTrue();
            long moved = huge.failure(OperationCancelledException.class).bytesMoved();
            assertThat(bench.write(pair.handle(), bytes("end")).id).isNotZero();
            pair.handle().shutdownOutput();
            long received = 10;
            byte[] block = new byte[65_536];
            int last = 0;
            for (int n = pair.peer().getInputStream().read(block); n > 0;
                    n = pair.peer().getInputStream().read(block)) {
                received += n;
                last = n;
            }
            assertThat(received).isEqualTo(moved + 3);
            assertThat(last).isPositive();
        }
    }

    @Test
    void fileThatEndsEarlyFailsExactlyAndOthersGoOn() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
                FileChannel file = FileChannel.open(path)) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Long> cut =
                    bench.sendFile(pair.handle(), bytes("<"), file, 4, 1_000, bytes(">"));
            TransferFailedException failure = cut.failure(TransferFailedException.class);
            assertThat(failure.bytesMoved()).isEqualTo(7);
            assertThat(failure).hasCauseInstanceOf(EOFException.class);
            assertThat(bench.write(pair.handle(), bytes("next")).value()).isEqualTo(4);
            assertThat(pair.receive(11)).isEqualTo("<456789next");
        }
    }

    @Test
    void fileThatCannotBeReadFailsItsWriteOnly() throws Exception {
        HeldWrites calls = new HeldWrites();
        try (Nio2Bench bench = new Nio2Bench(calls);
                FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            FileChannel closed = FileChannel.open(path);
            closed.close();
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Integer> before = bench.write(pair.handle(), bytes("before"));
            Runnable first = calls.take();
            Recorded<Long> unreadable =
                    bench.sendFile(pair.handle(), bytes("<"), file, 0, 5, bytes(">"));
            Recorded<Long> gone =
                    bench.sendFile(pair.handle(), NOTHING, closed, 0, 5, bytes(">"));
            Recorded<Integer> behind = bench.write(pair.handle(), bytes("behind"));
            calls.pass = true;
            first.run();
            before.value();
            TransferFailedException failure = unreadable.failure(TransferFailedException.class);
            assertThat(failure.bytesMoved()).as("the header").isEqualTo(1);
            assertThat(failure).hasCauseInstanceOf(NonReadableChannelException.class);
            failure = gone.failure(TransferFailedException.class);
            assertThat(failure.bytesMoved()).isZero();
            assertThat(failure).hasCauseInstanceOf(ClosedChannelException.class);
            assertThat(behind.value()).isEqualTo(6);
            assertThat(pair.receive(13)).isEqualTo("before<behind");
        }
    }

    /** The position moves when the system has taken the bytes, not when they are read. */
    @Test
    void closeAndCancelCountExactly() throws Exception {
        for (boolean close : new boolean[] {true, false}) {
            HeldWrites calls = new HeldWrites();
            try (Nio2Bench bench = new Nio2Bench(new PassingCalls() {
                @Override
                public void write(AsynchronousSocketChannel channel, ByteBuffer source,
                        CompletionHandler<Integer, @Nullable Void> handler) {
                    int some = Math.min(source.remaining(), 4);
                    calls.write(channel, source.limit(source.position() + some), handler);
                }
            }); FileChannel file = FileChannel.open(path)) {
                Nio2Bench.Pair pair = bench.connected();
                ByteBuffer trailer = bytes(">");
                Recorded<Long> send =
                        bench.sendFile(pair.handle(), bytes("<"), file, 0, 10, trailer);
                calls.take().run();
                Runnable second = calls.take();
                if (close) {
                    pair.handle().close();
                    second.run();
                    long moved = send.failure(SocketClosedException.class).bytesMoved();
                    assertThat(moved).isIn(4L, 8L);
                    assertThat(pair.receive(12)).isEqualTo("<0123456789>".substring(0,
                            (int) moved));
                    assertThat(trailer.remaining()).isEqualTo(1);
                } else {
                    assertThat(bench.cancel(send)).isTrue();
                    assertThat(send.failure(OperationCancelledException.class).bytesMoved())
                            .as("all that is in the chunk goes out").isEqualTo(12);
                    calls.pass = true;
                    second.run();
                    assertThat(bench.write(pair.handle(), bytes("!")).value()).isEqualTo(1);
                    assertThat(pair.receive(13)).isEqualTo("<0123456789>!");
                    assertThat(trailer.remaining()).isZero();
                }
            }
        }
    }

    @Test
    void diskThatFailsInTheMiddleFailsTheWriteExactly() throws Exception {
        IOException broken = new IOException("Input/output error");
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
                FileChannel file = new ScriptedFile((target, position) -> {
                    if (position >= 100_000) {
                        throw broken;
                    }
                    int count = (int) Math.min(target.remaining(), 100_000 - position);
                    target.put(new byte[Math.min(count, 1_000)]);
                    return Math.min(count, 1_000);
                })) {
            Nio2Bench.Pair pair = bench.connected();
            Recorded<Long> send =
                    bench.sendFile(pair.handle(), bytes("<"), file, 0, 1L << 40, bytes(">"));
            Recorded<Integer> behind = bench.write(pair.handle(), bytes("behind"));
            assertThat(pair.receive(100_007)).startsWith("<\0").endsWith("\0behind");
            TransferFailedException failure = send.failure(TransferFailedException.class);
            assertThat(failure.bytesMoved()).isEqualTo(100_001);
            assertThat(failure).hasCause(broken);
            assertThat(behind.value()).isEqualTo(6);
        }
    }

    /** Both come while a turn goes on that has looked for writes already. */
    @Test
    void writeThatCameBeforeAShutdownOfTheOutputGoesOutBeforeIt() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT)) {
            Nio2Bench.Pair pair = bench.connected();
            List<Recorded<Integer>> writes = new ArrayList<>();
            FileChannel file = new ScriptedFile((target, position) -> {
                writes.add(bench.write(pair.handle(), bytes("last")));
                pair.handle().shutdownOutput();
                return -1;
            });
            bench.sendFile(pair.handle(), NOTHING, file, 0, 1, NOTHING)
                    .failure(TransferFailedException.class);
            assertThat(writes.get(0).value()).isEqualTo(4);
            assertThat(pair.receive(5)).isEqualTo("last");
            bench.write(pair.handle(), bytes("late")).failure(SocketClosedException.class);
        }
    }

    /** An interrupt closes a file that is being read (java.nio.channels.FileChannel). */
    @Test
    void interruptedInitiatorDoesNotLoseTheFile() throws Exception {
        try (Nio2Bench bench = new Nio2Bench(Nio2Calls.DIRECT);
                FileChannel file = FileChannel.open(path)) {
            Nio2Bench.Pair pair = bench.connected();
            Thread.currentThread().interrupt();
            Recorded<Long> send = bench.sendFile(pair.handle(), NOTHING, file, 0, 10, NOTHING);
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
            assertThat(send.value()).isEqualTo(10);
            assertThat(file.isOpen()).isTrue();
        }
    }
}
