package io.proactor.samples.load;

import io.proactor.samples.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An echo server in a JVM of its own, whose memory can be looked at from outside. */
final class ServerProcess implements AutoCloseable {

    private static final int END_SECONDS = 15;  // a server drains for 10

    private static final Pattern READY = Pattern.compile("listening on .*:(\\d+) processor=(\\w+)");

    private final Process process;
    private final int port;
    private final String processor;

    private ServerProcess(Process process, int port, String processor) {
        this.process = process;
        this.port = port;
        this.processor = processor;
    }

    /**
     * Starts one and waits until it listens.
     *
     * @throws IOException if it does not; the message says what it said instead
     */
    static ServerProcess start(String processor, int loops) throws IOException {
        // A small young generation: what is garbage by then must not be taken for connections.
        Process process = new ProcessBuilder(List.of(tool("java").toString(), "-Xmx512m", "-Xmn8m",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                Samples.class.getName(), "echo-server", "--port", "0", "--processor", processor,
                "--loops", String.valueOf(loops)))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.destroy();
            throw new IOException("The server does not listen"
                    + (line == null ? "." : ", but says: " + line));
        }
        return new ServerProcess(process, Integer.parseInt(ready.group(1)), ready.group(2));
    }

    private static Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name);
    }

    int port() {
        return port;
    }

    String processor() {
        return processor;
    }

    /** Returns the bytes of memory that the process has now; see proc(5), "VmRSS". */
    long residentBytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .findFirst().orElseThrow(() -> new IOException("no VmRSS in " + status));
        }
    }

    /** Collects the garbage and returns the bytes of the objects that are left. */
    long liveHeapBytes() throws IOException {
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
