package io.proactor.samples.transfer;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.ReadableFile;
import io.proactor.samples.cli.ProcessorChoice;
import io.proactor.samples.cli.UsageException;
import io.proactor.samples.client.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sends a file over a connection and compares digests. */
@Command(name = "transfer", mixinStandardHelpOptions = true,
        header = "Sends a file to itself over a connection, and compares what arrives.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:what arrived is the file", "1:it is not", "2:there is no such file"})
public final class TransferCommand implements Callable<Integer> {

    private static final int CHUNK_BYTES = 1 << 20;

    @Mixin
    private final ProcessorChoice processor = ProcessorChoice.forMany();

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path path = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isRegularFile(path)) {
            throw new UsageException("There is no file " + path + ".");
        }
        try (Proactor proactor = ProcessorChoice.open(processor.options());
                ReadableFile file = proactor.openFile(path)) {
            Acceptor acceptor = proactor.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            acceptor.acceptAll(new FileSender(file));
            long startNanos = System.nanoTime();
            byte[] arrived = new FileReceiver(
                    Connection.open(proactor, (InetSocketAddress) acceptor.localAddress()),
                    sha256()).start().get();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            boolean same = Arrays.equals(arrived, digestOf(path));
            System.out.printf(Locale.ROOT,
                    "processor=%s bytes=%d seconds=%.2f MiB/s=%.0f sha256=%s %s%n",
                    proactor.processor(), file.size(), seconds,
                    file.size() / seconds / (1 << 20), HexFormat.of().formatHex(arrived),
                    same ? "same" : "DIFFERENT");
            return same ? 0 : 1;
        } catch (ExecutionException e) {
            throw new IOException("The file did not arrive: " + e.getCause().getMessage(),
                    e.getCause());
        }
    }

    private static byte[] digestOf(Path path) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
        try (FileChannel file = FileChannel.open(path)) {
            while (file.read(chunk.clear()) > 0) {
                digest.update(chunk.flip());
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }
}
