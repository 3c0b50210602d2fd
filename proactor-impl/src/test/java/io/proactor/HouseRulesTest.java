package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads all main sources of all modules and holds them against {@link HouseRules}. */
final class HouseRulesTest {

    /** Surefire runs the tests of a module in the module's folder. */
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    @Test
    void everySourceFileKeepsTheHouseRules() throws IOException {
        List<String> complaints = new ArrayList<>();
        int files = 0;
        for (Path file : sources()) {
            String name = PROJECT.relativize(file).toString().replace('\\', '/');
            complaints.addAll(HouseRules.complaints(name, Files.readString(file)));
            files++;
        }
        assertThat(files).isGreaterThan(50);
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        for (Path file : sources()) {
            if (!file.endsWith("module-info.java")) {
                Path described = file.resolveSibling("package-info.java");
                assertThat(described).exists();
                assertThat(Files.readString(described)).contains("@NullMarked");
            }
        }
    }

    @Test
    void anUpwardImportIsCaught() {
        assertThat(HouseRules.complaints("a/Planted.java",
                "package io.proactor.spi;\nimport io.proactor.Proactor;\nclass Planted {}\n"))
                .containsExactly("a/Planted.java must not use io.proactor.");
    }

    @Test
    void anImportOfASiblingIsCaught() {
        assertThat(HouseRules.complaints("a/Planted.java", "package io.proactor.engine.queue;\n"
                + "import io.proactor.engine.nio2.Nio2Processor;\nclass Planted {}\n"))
                .containsExactly("a/Planted.java must not use io.proactor.engine.nio2.");
    }

    @Test
    void aReferenceWithoutAnImportIsCaughtToo() {
        assertThat(HouseRules.complaints("a/Planted.java", "package io.proactor.operation;\n"
                + "class Planted { io.proactor.spi.Handle handle; }\n"))
                .containsExactly("a/Planted.java must not use io.proactor.spi.");
    }

    @Test
    void aSampleThatReachesBehindTheApiIsCaught() {
        assertThat(HouseRules.complaints("proactor-samples/Planted.java",
                "package io.proactor.samples.echo;\nimport io.proactor.spi.Handle;\n"
                        + "class Planted {}\n"))
                .containsExactly("proactor-samples/Planted.java must not use io.proactor.spi.");
    }

    @Test
    void bannedWordsLongFilesAndBadNamesAreCaught() {
        assertThat(HouseRules.complaints("a/SocketHelper.java", "package io.proactor;\n"
                + "class SocketHelper { void a() throws Exception { Thread" + ".sleep(1); }\n"
                + "// TO" + "DO: later\n" + "//\n".repeat(400) + "}\n"))
                .hasSize(4);
    }

    private static List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path module : modules.toList()) {
                addSources(module.resolve("src/main/java"), found);
                addSources(module.resolve("src/main/java22"), found);  // for newer JVMs
            }
        }
        return found;
    }

    private static void addSources(Path root, List<Path> found) throws IOException {
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
            }
        }
    }
}
