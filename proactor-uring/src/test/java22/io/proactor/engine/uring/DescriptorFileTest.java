package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names, and the life of a descriptor. */
@EnabledOnOs(OS.LINUX)
final class DescriptorFileTest {

    @TempDir
    private Path folder;

    @Test
    void nameHasTheBytesThatTheSystemHas() {
        assertThat(DescriptorFile.name(URI.create("file:///tmp/a%20b%25%ff%C3%a9+c")))
                .isEqualTo("/tmp/a b%\u00ff\u00c3\u00a9+c".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void descriptorStaysUntilTheLastHoldIsGone() throws Exception {
        DescriptorFile file = DescriptorFile.open(Files.writeString(folder.resolve("f"), "123"));
        assertThat(file).isNotNull();
        assertThat(file.hold()).isTrue();
        assertThat(file.hold()).isTrue();
        file.close();
        assertThat(file.hold()).isFalse();
        file.letGo();
        assertThat(file.bytes()).isEqualTo(3);
        assertThat(held(file)).isTrue();
        file.letGo();
        assertThat(held(file)).isFalse();
        file.close();
    }

    @Test
    void descriptorOfWhatNobodyHoldsIsClosedAtOnce() throws Exception {
        DescriptorFile file = DescriptorFile.open(Files.writeString(folder.resolve("f"), "123"));
        assertThat(file).isNotNull();
        assertThat(held(file)).isTrue();
        file.close();
        assertThat(held(file)).isFalse();
    }

    @Test
    void whatIsNotThereIsNotOpened() {
        assertThat(DescriptorFile.open(folder.resolve("none"))).isNull();
    }

    private boolean held(DescriptorFile file) throws Exception {
        Path link = Path.of("/proc/self/fd/" + file.fd());
        return Files.isSymbolicLink(link)
                && Files.readSymbolicLink(link).equals(folder.resolve("f").toRealPath());
    }
}
