package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.FileRegion;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.ReadableFile;
import io.proactor.engine.uring.ffm.KernelRing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which a file goes out: that each sends all of it, in pieces, and what each costs the
 * thread that sends, which is the loop's. See decision 21.
 */
@EnabledIfAvailable
final class FileWaysTest {

    private static final int ROUNDS = Integer.getInteger("proactor.test.files", 1);
    private static final int BYTES = Integer.getInteger("proactor.test.files.mebibytes", 16) << 20;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 1 << 19;  // of WriteSide
    private static final int PATIENCE_SECONDS = 60;

    /** A processor, and who opens the file. */
    private record Way(String processor, boolean opened) {}

    private record Cost(double cpuSeconds, double seconds) {}

    private static final List<Way> WAYS = List.of(new Way("uring", false), new Way("uring", true),
            new Way("queue", false));

    @TempDir
    private Path folder;

    @Test
    void eachWaySendsAllOfIt() throws Exception {
        Path path = file(BYTES);
        List<List<Cost>> costs = new ArrayList<>();
        WAYS.forEach(way -> costs.add(new ArrayList<>()));
        for (int round = 0; round <= ROUNDS; round++) {
            for (int way = 0; way < WAYS.size(); way++) {
                Cost cost = send(WAYS.get(way), path);
                if (round > 0) {  // the first one warms up
                    costs.get(way).add(cost);
                }
            }
        }
        for (int way = 0; way < WAYS.size(); way++) {
            double[] cpu = costs.get(way).stream().mapToDouble(Cost::cpuSeconds).sorted().toArray();
            double[] rate = costs.get(way).stream().mapToDouble(cost -> BYTES / 1e6
                    / cost.seconds()).sorted().toArray();
            double perGibibyte = (1 << 30) / (double) BYTES;
            System.out.printf(Locale.ROOT, "%-35s CPU s/GiB %.3f (%.3f to %.3f); "
                            + "MB/s %.0f (%.0f to %.0f)%n", WAYS.get(way),
                    cpu[cpu.length / 2] * perGibibyte, cpu[0] * perGibibyte,
                    cpu[cpu.length - 1] * perGibibyte,
                    rate[rate.length / 2], rate[0], rate[rate.length - 1]);
        }
    }

    @Test
    @DisplayName("T18 a file for which there is room gives the other connections their turn")
    void fileGoesOutInPieces() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open)) {
            assertArrives(bench, file(3 * PIECE_BYTES));
            assertThat(bench.watch().pauses).hasValueGreaterThanOrEqualTo(4);
            assertThat(bench.watch().sends).as("none of it was read").hasValue(0);
        }
    }

    @Test
    @DisplayName("T18 a file that the kernel does not send by itself is read and sent")
    void fileOfWhichTheKernelSendsNothingIsRead() throws Exception {
        Path path = Path.of("/proc/config.gz");  // its file system only knows how to read
        assumeTrue(Files.isReadable(path), "this kernel does not tell how it was made");
        try (UringBench bench = new UringBench(KernelRing::open)) {
            assertArrives(bench, path);
            assertThat(bench.watch().sends).hasValueGreaterThanOrEqualTo(2);
        }
    }

    @Test
    @DisplayName("T18 without the feature a file that the processor has opened is read and sent")
    void switchHasFilesRead() throws Exception {
        Features all = Availability.get().usable();
        Features less = new Features(all.setupFlags(), all.buffers(), all.multishot(),
                all.quietSends(), all.ringClose(), all.links(), false);
        try (UringBench bench = new UringBench(KernelRing::open, less, UnaryOperator.identity())) {
            assertArrives(bench, file(PIECE_BYTES));
            assertThat(bench.watch().sends).hasValueGreaterThanOrEqualTo(2);
            assertThat(bench.watch().pauses).hasValue(0);
        }
    }

    /** Sends a file that the proactor opens, two times. */
    private static void assertArrives(UringBench bench, Path path) throws Exception {
        byte[] bytes = Files.readAllBytes(path);
        ReadableFile file = bench.keep(bench.proactor().openFile(path));
        UringBench.Link link = bench.accepted(bench.listen());
        for (int i = 0; i < 2; i++) {
            Call<Long> send = bench.call();
            link.socket().sendFile(FileRegion.of(file), 0, TimeUnit.SECONDS, null, send);
            assertThat(link.peer().getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            assertThat(send.value()).isEqualTo(bytes.length);
        }
    }

    /** Sends to a thread that only counts. */
    private static Cost send(Way way, Path path) throws Exception {
        List<Thread> loops = new ArrayList<>();
        ProactorOptions options = ProactorOptions.defaults().withProcessor(way.processor())
                .withLoops(1).withLoopDispatcher().withThreads(body -> {
                    Thread thread = new Thread(body);
                    loops.add(thread);
                    return thread;
                });
        try (Proactor proactor = Proactor.open(options);
                FileChannel channel = FileChannel.open(path);
                ReadableFile opened = proactor.openFile(path)) {
            FileRegion region = way.opened() ? FileRegion.of(opened) : FileRegion.of(channel);
            Acceptor acceptor = proactor.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Call<Accepted> accept = new Call<>();
            acceptor.accept(null, accept);
            CompletableFuture<Long> received = new CompletableFuture<>();
            Thread receiver = new Thread(() -> receive(acceptor.localAddress(), received));
            receiver.start();
            var socket = accept.value().socket();
            long cpuNanos = cpuNanos(loops);
            long nanos = System.nanoTime();
            Call<Long> send = new Call<>();
            socket.sendFile(region, 0, TimeUnit.SECONDS, null, send);
            assertThat(send.value()).isEqualTo(BYTES);
            socket.shutdownOutput();
            assertThat(received.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(BYTES);
            return new Cost((cpuNanos(loops) - cpuNanos) / 1e9, (System.nanoTime() - nanos) / 1e9);
        }
    }

    private static void receive(SocketAddress from, CompletableFuture<Long> received) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (SocketChannel channel = SocketChannel.open(from)) {
            long sum = 0;
            for (int count = 0; count >= 0; count = channel.read(chunk.clear())) {
                sum += count;
            }
            received.complete(sum);
        } catch (IOException e) {
            received.completeExceptionally(e);
        }
    }

    private static long cpuNanos(List<Thread> threads) {
        var threadsBean = ManagementFactory.getThreadMXBean();
        return threads.stream().mapToLong(each -> threadsBean.getThreadCpuTime(each.threadId()))
                .sum();
    }

    private Path file(int bytes) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        new Random(21).nextBytes(chunk);
        Path path = folder.resolve("file");
        try (FileChannel file = FileChannel.open(Files.createFile(path),
                StandardOpenOption.WRITE)) {
            for (int left = bytes; left > 0; left -= CHUNK_BYTES) {
                file.write(ByteBuffer.wrap(chunk, 0, Math.min(left, CHUNK_BYTES)));
            }
        }
        return path;
    }
}
