package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program of others' that is written for NIO.2, from Maven Central and unmodified: Tomcat with
 * its NIO.2 connector, in a JVM whose provider is this one, with the processor that a subclass
 * names.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class TomcatContract {

    private final String processor;

    protected TomcatContract(String processor) {
        this.processor = processor;
    }

    @Test
    final void tomcatServesOnThisProvidersChannels(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("classes.log");
        String said = ChildJvm.run(TomcatProgram.class, folder, "-D" + ChildJvm.PROPERTY + "="
                        + ProactorAsynchronousChannelProvider.class.getName(),
                "-Dproactor.processor=" + processor, "-Xlog:class+load:file=" + log);
        assertThat(said.lines()).contains("small true", "large true", "chunked true",
                "async true", "concurrent 640", "keep-alive 3", "silent true", "stopped");
        assertThat(said).doesNotContain("SEVERE");
        assertThat(Files.readString(log))
                .contains(ProviderServerChannel.class.getName(),
                        ProviderSocketChannel.class.getName(),
                        "io.proactor.engine." + processor + ".")
                .doesNotContain("UnixAsynchronous").doesNotContain("EPollPort");
    }
}
