package io.proactor.samples.soak;

import io.proactor.ProactorOptions;
import io.proactor.samples.cli.UsageException;
import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which server is under load, and what its JVM may use. */
final class SoakServer {

    /** What a server of many connections has to manage with. */
    private static final List<String> JVM = List.of("-ea", "-Xmx256m", "-Xmn32m",
            "-XX:MaxDirectMemorySize=128m", "-Djdk.nio.maxCachedBufferSize=65536",
            "-XX:+ExitOnOutOfMemoryError");

    @Option(names = "--processor", paramLabel = "NAME",
            description = "auto, nio2, queue or uring (default: ${DEFAULT-VALUE}).")
    private String processor = ProactorOptions.AUTO;

    @Option(names = "--loops", paramLabel = "N",
            description = "Threads that perform operations (default: ${DEFAULT-VALUE}).")
    private int loops = 2;

    /** Returns the name of the processor that was asked for. */
    String processor() {
        return processor;
    }

    int loops() {
        return loops;
    }

    /** Starts {@code echo-server} or {@code chat-server}. */
    ServerProcess start(String server, String... more) throws IOException {
        requireProc();
        List<String> command = new ArrayList<>(List.of(server, "--processor", processor,
                "--loops", String.valueOf(loops)));
        command.addAll(List.of(more));
        ServerProcess process = ServerProcess.start(JVM, command);
        System.out.println(server + " processor=" + process.processor() + " loops=" + loops);
        return process;
    }

    static void requireProc() {
        if (!Files.exists(Path.of("/proc/self/status"))) {
            throw new UsageException("This system has no /proc to look at a process.");
        }
    }

    /** Refuses a number that is out of its bounds. */
    static void between(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new UsageException(
                    option + " must be between " + min + " and " + max + ", not " + value + ".");
        }
    }
}
