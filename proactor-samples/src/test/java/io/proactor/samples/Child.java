package io.proactor.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A command of the samples in a JVM of its own. */
public final class Child implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 30;
    private static final String END = "\0the end";

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> err = new LinkedBlockingQueue<>();

    private Child(ProcessBuilder builder) throws IOException {
        process = builder.start();
        collect(process.getInputStream(), out);
        collect(process.getErrorStream(), err);
    }

    /** Starts a command whose standard input the test writes. */
    public static Child start(List<String> arguments) throws IOException {
        return new Child(builder(arguments));
    }

    /** Starts a command by means of another one, such as {@code taskset -c 0}. */
    public static Child startBy(List<String> launcher, List<String> arguments)
            throws IOException {
        ProcessBuilder builder = builder(arguments);
        builder.command().addAll(0, launcher);
        return new Child(builder);
    }

    /** Starts a command whose standard input is empty. */
    public static Child startWithoutInput(List<String> arguments) throws IOException {
        return new Child(builder(arguments)
                .redirectInput(Path.of("/dev/null").toFile()));
    }

    /** Concatenates arguments. */
    public static List<String> arguments(List<String> first, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(first);
        return all;
    }

    private static ProcessBuilder builder(List<String> arguments) {
        // 64 MB is little, so that a server that keeps what it need not is found out.
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-ea",
                "-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",  // most of them live for a second
                "--enable-native-access=ALL-UNNAMED",  // as the manifest of the JAR has it
                "-cp", System.getProperty("java.class.path"), Samples.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static void collect(InputStream stream, BlockingQueue<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add(e.toString());
            }
            lines.add(END);
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the ready line of a server, and returns its port. */
    public int port() throws InterruptedException {
        String line = line();
        if (!line.matches("listening on 127\\.0\\.0\\.1:\\d+ processor=\\w+")) {
            throw new AssertionError("not a ready line: " + line + "; errors: " + err);
        }
        return Integer.parseInt(line.replaceAll(".*:(\\d+) .*", "$1"));
    }

    /** Waits for a line of standard output; null if it has ended. */
    public String line() throws InterruptedException {
        return poll(out);
    }

    /** Writes to standard input. */
    public void type(String text) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write(text.getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** Ends standard input. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Returns the process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Sends SIGTERM, and leaves the streams open, which {@link Process#destroy} does not. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Waits for the end, and returns the exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the command does not end; errors: " + err);
        }
        return process.exitValue();
    }

    /** Returns what is left of standard output, after it has ended. */
    public List<String> output() throws InterruptedException {
        return drain(out);
    }

    /** Returns standard error, after it has ended. */
    public List<String> errors() throws InterruptedException {
        return drain(err);
    }

    private static List<String> drain(BlockingQueue<String> lines) throws InterruptedException {
        List<String> drained = new ArrayList<>();
        for (String line = poll(lines); line != null; line = poll(lines)) {
            drained.add(line);
        }
        return drained;
    }

    private static String poll(BlockingQueue<String> lines) throws InterruptedException {
        String line = lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line came, and no end");
        }
        return line.equals(END) ? null : line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
