package io.proactor.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The multi-release JAR lets the JVM start wherever it lies: on Java 17 it says that it needs a
 * later one, on a later one the probe answers. With the JDK of the tests, and with that of Maven.
 */
final class PackagedJarTest {

    private static final long LIMIT_SECONDS = 60;
    private static final Path JAR = Path.of(System.getProperty("proactor.uring.jar"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("javas")
    void jarIsFoundOnTheClassPath(Path java) throws Exception {
        List<String> printed = run(java, List.of("-cp", path(Stream.concat(Stream.of(
                JAR.toString(), program()), libraries()))));
        assertAnswer(printed, "uring in class path: ");
    }

    @ParameterizedTest
    @MethodSource("javas")
    void jarIsFoundOnTheModulePath(Path java) throws Exception {
        List<String> printed = run(java, List.of("-p",
                path(Stream.concat(Stream.of(JAR.toString()), libraries())),
                "--add-modules", "io.proactor.uring", "-cp", program()));
        assertAnswer(printed, "uring in module: ");
    }

    private static void assertAnswer(List<String> printed, String beginning) {
        assertThat(printed).anyMatch(line -> line.startsWith("queue in "));
        List<String> answers = printed.stream().filter(line -> line.startsWith(beginning)).toList();
        assertThat(answers).as(String.join("\n", printed)).hasSize(1);
        assertThat(printed).anyMatch(line -> line.startsWith("opened "));
        String version = printed.stream().filter(line -> line.startsWith("java ")).findFirst()
                .orElseThrow().substring("java ".length());
        if (Integer.parseInt(version) < 22) {
            assertThat(answers.get(0)).isEqualTo(
                    beginning + "it needs Java 22 or later, and this is Java " + version);
        } else {
            assertThat(answers.get(0)).doesNotContain("needs Java");
        }
    }

    static Stream<Path> javas() {
        return Stream.of(System.getProperty("java.home"),
                System.getProperty("proactor.test.otherJava"))
                .distinct().map(home -> Path.of(home, "bin", "java"));
    }

    /** Returns where the program lies alone: beside it there are classes for later releases. */
    private String program() throws IOException {
        String name = ProviderProgram.class.getName().replace('.', '/') + ".class";
        Path alone = folder.resolve("program").resolve(name);
        Files.createDirectories(alone.getParent());
        Files.copy(JAR.resolveSibling("test-classes").resolve(name), alone);
        return folder.resolve("program").toString();
    }

    /** Returns what the JAR needs, of all that is on the class path of the tests. */
    private static Stream<String> libraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("tests.jar") && !entry.contains("test-classes"))
                .filter(entry -> Stream.of("proactor-api", "proactor-impl", "jctools-core",
                        "slf4j-api").anyMatch(entry::contains));
    }

    private static String path(Stream<String> entries) {
        return entries.collect(Collectors.joining(File.pathSeparator));
    }

    private List<String> run(Path java, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(java.toString(),
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.add(ProviderProgram.class.getName());
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }
}
