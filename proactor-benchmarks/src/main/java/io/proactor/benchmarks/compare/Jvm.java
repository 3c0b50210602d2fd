package io.proactor.benchmarks.compare;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Java that servers run on.
 *
 * @param home its folder
 * @param release its feature release, as 25
 * @param version its version in full
 */
record Jvm(Path home, int release, String version) {

    /** A small heap that stays as it is, and the collector with the fewest threads. */
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m",
            "-XX:MaxDirectMemorySize=1g");

    /** From Java 24 on, Netty would be warned about its use of Unsafe, and later refused. */
    private static final int UNSAFE_MUST_BE_ALLOWED = 24;

    private static final int NATIVE_ACCESS_IS_NAMED = 17;

    /** Returns the Java that runs us. */
    static Jvm own() {
        return new Jvm(Path.of(System.getProperty("java.home")),
                Runtime.version().feature(), System.getProperty("java.vm.name") + " "
                        + System.getProperty("java.runtime.version"));
    }

    /**
     * Returns the Java in a folder.
     *
     * @throws IOException if there is none
     */
    static Jvm at(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.exists(release)) {
            throw new IOException("There is no JDK in " + home);
        }
        String version = Files.readString(release, StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith("JAVA_VERSION=")).findFirst()
                .map(line -> line.substring("JAVA_VERSION=".length()).replace("\"", ""))
                .orElseThrow(() -> new IOException(release + " names no version"));
        return new Jvm(home, Runtime.Version.parse(version).feature(), version);
    }

    /** Returns the command of a main class with its arguments, options before it. */
    List<String> command(List<String> optionsAndMain) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.addAll(OPTIONS);
        if (release >= NATIVE_ACCESS_IS_NAMED) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (release >= UNSAFE_MUST_BE_ALLOWED) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.add("-cp");
        command.add(classPath());
        command.addAll(optionsAndMain);
        return command;
    }

    /** Our own class path, made absolute; a JAR brings the others by its manifest. */
    private static String classPath() {
        return String.join(File.pathSeparator,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString()).toList());
    }
}
