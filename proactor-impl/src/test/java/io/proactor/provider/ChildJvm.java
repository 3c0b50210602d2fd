package io.proactor.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own for a program, with the class path of the tests. */
final class ChildJvm {

    /** How the JDK is told which provider to use. */
    static final String PROPERTY = "java.nio.channels.spi.AsynchronousChannelProvider";

    private ChildJvm() {}

    /** Runs the program to its end, within a bound. Returns what it said. */
    static String run(Class<?> program, Path folder, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-ea", "-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), program.getName()));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(Ended.PATIENCE_SECONDS * 4, TimeUnit.SECONDS);
            String said = Files.readString(output);
            assertThat(ended).as("the program ends; it said: " + said).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
