package io.proactor.samples.soak;

import io.proactor.samples.load.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A chat of which some do not listen. */
@Command(name = "fan-out", mixinStandardHelpOptions = true,
        header = "A chat of which some do not listen.",
        description = "Everybody who listens must hear every line, each speaker's in order; those"
                + " who do not are cut; the server's memory stays bounded.")
final class SoakFanOut implements Callable<Integer> {

    /** What the chat server grants a client, with something in hand. */
    private static final int LINES_PER_SECOND = 10;

    /** How long the last lines may take, for a machine that is busy with other things. */
    private static final int END_SECONDS = 60;

    private static final double RESIDENT_MIB_MAX = 600;

    private static final Pattern CUT = Pattern.compile("slow readers cut: (\\d+)");

    @Mixin
    private final SoakServer choice = new SoakServer();

    @Option(names = "--listening", paramLabel = "N",
            description = "Clients who listen (default: ${DEFAULT-VALUE}).")
    private int listening = 180;

    @Option(names = "--stalled", paramLabel = "N",
            description = "Clients who do not (default: ${DEFAULT-VALUE}).")
    private int stalled = 20;

    @Option(names = "--rate", paramLabel = "N",
            description = "Lines per second, all speakers together (default: ${DEFAULT-VALUE}).")
    private int rate = 100;

    @Option(names = "--bytes", paramLabel = "N",
            description = "Length of a line, about (default: ${DEFAULT-VALUE}).")
    private int lineBytes = 500;

    @Option(names = "--seconds", paramLabel = "N",
            description = "How long they speak (default: ${DEFAULT-VALUE}).")
    private int seconds = 30;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SoakServer.between("--listening", listening, 1, 10_000);
        SoakServer.between("--stalled", stalled, 0, 10_000);
        SoakServer.between("--rate", rate, 1, listening * LINES_PER_SECOND);
        SoakServer.between("--bytes", lineBytes, 0, 4_000);
        SoakServer.between("--seconds", seconds, 1, 3_600);
        Verdict verdict = new Verdict(System.out);
        List<ChatPeer> silent = new ArrayList<>();
        List<ChatPeer> listeners = new ArrayList<>();
        try (ServerProcess server = choice.start("chat-server")) {
            long descriptors = server.descriptors();
            for (int i = 0; i < stalled; i++) {
                silent.add(ChatPeer.connect(server.port(), true));
            }
            for (int i = 0; i < listening; i++) {
                listeners.add(ChatPeer.connect(server.port(), false));
            }
            listeners.forEach(ChatPeer::listen);
            long lines = speak(listeners);
            judge(server, verdict, listeners, lines);
            close(silent);
            close(listeners);
            verdict.atMost("descriptors when all have gone",
                    Patience.until(server::descriptors, descriptors, 10), descriptors + 1);
            verdict.exactly("exit code after SIGTERM", server.end(), 0);
            return verdict.exitCode();
        } finally {
            close(silent);
            close(listeners);
        }
    }

    /** In turn, at the rate that is wanted. Returns the number of lines. */
    private long speak(List<ChatPeer> listeners) throws IOException {
        String text = "x".repeat(lineBytes);
        long lines = (long) rate * seconds;
        long startNanos = System.nanoTime();
        for (long i = 0; i < lines; i++) {
            Patience.until(startNanos + TimeUnit.SECONDS.toNanos(1) * i / rate);
            int speaker = (int) (i % listeners.size());
            listeners.get(speaker).speak(i / listeners.size(), text);
        }
        return lines;
    }

    private void judge(ServerProcess server, Verdict verdict, List<ChatPeer> listeners, long lines)
            throws IOException {
        long all = lines * listeners.size();
        long missing = Patience.until(
                () -> all - listeners.stream().mapToLong(ChatPeer::heard).sum(), 0, END_SECONDS);
        verdict.told("lines that were spoken", lines);
        verdict.told("lines that were heard", all - missing);
        verdict.exactly("lines that were to be heard and were not", missing, 0);
        verdict.exactly("lines out of their speaker's order",
                listeners.stream().mapToLong(ChatPeer::disorders).sum(), 0);
        Matcher cut = CUT.matcher(server.ask("/stats"));
        verdict.exactly("clients that were cut because they do not listen",
                cut.find() ? Long.parseLong(cut.group(1)) : -1, stalled);
        verdict.atMost("MiB of memory", server.residentBytes() / 1_048_576.0, RESIDENT_MIB_MAX);
        verdict.told("KiB of objects in use", server.liveHeapBytes() / 1_024.0);
    }

    private static void close(List<ChatPeer> peers) throws IOException {
        for (ChatPeer each : peers) {
            each.close();
        }
    }
}
