package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The provider named by the JDK's property: a program that knows nothing of it runs on it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class WholeJvmTest {

    @Test
    void programRunsOnThisProviderAndLoadsNoChannelOfTheJdks(@TempDir Path folder)
            throws Exception {
        Path log = folder.resolve("classes.log");
        String said = ChildJvm.run(Program.class, folder, "-D" + ChildJvm.PROPERTY + "="
                + ProactorAsynchronousChannelProvider.class.getName(),
                "-Xlog:class+load:file=" + log);
        assertThat(said).contains("echoed 5 by " + ProviderSocketChannel.class.getName());
        assertThat(Files.readString(log)).contains(ProviderSocketChannel.class.getName())
                .doesNotContain("UnixAsynchronous").doesNotContain("EPollPort");
    }

    @Test
    void processorThatDoesNotExistIsAClearError(@TempDir Path folder) throws Exception {
        String said = ChildJvm.run(Program.class, folder, "-D" + ChildJvm.PROPERTY + "="
                + ProactorAsynchronousChannelProvider.class.getName(), "-Dproactor.processor=none");
        assertThat(said).contains("There is no processor named 'none'");
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
