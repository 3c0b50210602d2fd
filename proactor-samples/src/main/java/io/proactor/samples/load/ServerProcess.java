package io.proactor.samples.load;

import io.proactor.samples.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server of the samples in a JVM of its own, which can be looked at from outside. Linux. */
public final class ServerProcess implements AutoCloseable {

    private static final int END_SECONDS = 15;  // a server drains for 10

    private static final Pattern READY = Pattern.compile("listening on .*:(\\d+) processor=(\\w+)");

    private final Process process;
    private final BufferedReader out;
    private final int port;
    private final String processor;

    private ServerProcess(Process process, BufferedReader out, int port, String processor) {
        this.process = process;
        this.out = out;
        this.port = port;
        this.processor = processor;
    }

    /** Starts an echo server with a small young generation: garbage is no cost of connections. */
    static ServerProcess start(String processor, int loops) throws IOException {
        return start(List.of("-Xmx512m", "-Xmn8m"), List.of("echo-server", "--processor", processor,
                "--loops", String.valueOf(loops)));
    }

    /**
     * Starts one, on a port that is free, and waits until it listens.
     *
     * @param jvm options of its JVM
     * @param command of the samples, without a port
     * @throws IOException if it does not listen; the message says what it said instead
     */
    public static ServerProcess start(List<String> jvm, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(List.of(tool("java").toString()));
        line.addAll(jvm);
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Samples.class.getName()));
        line.addAll(command);
        line.addAll(List.of("--port", "0"));
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = out.readLine();
        Matcher ready = READY.matcher(first == null ? "" : first);
        if (!ready.matches()) {
            process.destroy();
            throw new IOException("The server does not listen"
                    + (first == null ? "." : ", but says: " + first));
        }
        return new ServerProcess(process, out, Integer.parseInt(ready.group(1)), ready.group(2));
    }

    private static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    public int port() {
        return port;
    }

    public String processor() {
        return processor;
    }

    /** Returns the bytes of memory that the process has now; see proc(5), "VmRSS". */
    public long residentBytes() throws IOException {
        return status("VmRSS:") * 1_024;
    }

    /** Returns the number of threads that the process has now; see proc(5), "Threads". */
    public long threads() throws IOException {
        return status("Threads:");
    }

    private long status(String name) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst().orElseThrow(() -> new IOException("no " + name + " in " + status));
        }
    }

    /** Returns the number of descriptors that the process has open. */
    public long descriptors() throws IOException {
        try (Stream<Path> entries = Files.list(
                Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
            return entries.count();
        }
    }

    /** Returns the time that its threads have run on the processor so far, in all. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Writes a line to its standard input, and returns the next line of its standard output. */
    public String ask(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return out.readLine();
    }

    /** Ends it by a signal, and returns its exit code; -1 if it does not end in time. */
    public int end() throws InterruptedException {
        process.toHandle().destroy();
        return process.waitFor(END_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Collects the garbage and returns the bytes of the objects that are left. */
    public long liveHeapBytes() throws IOException {
        Process histogram = new ProcessBuilder(tool("jcmd").toString(),
                String.valueOf(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true).start();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(histogram.getInputStream(), StandardCharsets.UTF_8))) {
            String total = lines.lines().filter(line -> line.startsWith("Total"))
                    .findFirst().orElseThrow(() -> new IOException("jcmd tells no total"));
            return Long.parseLong(total.trim().split("\\s+")[2]);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
