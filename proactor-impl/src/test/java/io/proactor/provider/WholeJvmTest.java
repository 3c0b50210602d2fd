package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The provider named by the JDK's property: a program that knows nothing of it runs on it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class WholeJvmTest {

    private static final String PROPERTY = "java.nio.channels.spi.AsynchronousChannelProvider";

    @Test
    void programRunsOnThisProviderAndLoadsNoChannelOfTheJdks(@TempDir Path folder)
            throws Exception {
        Path log = folder.resolve("classes.log");
        String said = run(folder, "-D" + PROPERTY + "="
                + ProactorAsynchronousChannelProvider.class.getName(),
                "-Xlog:class+load:file=" + log);
        assertThat(said).contains("echoed 5 by " + ProviderSocketChannel.class.getName());
        assertThat(Files.readString(log)).contains(ProviderSocketChannel.class.getName())
                .doesNotContain("UnixAsynchronous").doesNotContain("EPollPort");
    }

    @Test
    void processorThatDoesNotExistIsAClearError(@TempDir Path folder) throws Exception {
        String said = run(folder, "-D" + PROPERTY + "="
                + ProactorAsynchronousChannelProvider.class.getName(), "-Dproactor.processor=none");
        assertThat(said).contains("There is no processor named 'none'");
    }

    private static String run(Path folder, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-ea", "-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), Program.class.getName()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(Ended.PATIENCE_SECONDS * 2, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
        }
    }

    /** An echo to itself, as anyone would write it for the JDK. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments)
                throws IOException, ExecutionException, InterruptedException {
            try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()
                    .bind(ChannelBench.ANY_PORT);
                    AsynchronousSocketChannel client = AsynchronousSocketChannel.open()) {
                Future<AsynchronousSocketChannel> accept = server.accept();
                client.connect(server.getLocalAddress()).get();
                try (AsynchronousSocketChannel accepted = accept.get()) {
                    client.write(ChannelBench.bytes("hello")).get();
                    ByteBuffer target = ByteBuffer.allocate(16);
                    int count = accepted.read(target).get();
                    System.out.println("echoed " + count + " by "
                            + accepted.getClass().getName());
                }
            }
        }
    }
}
