package io.proactor.samples.load;

import io.proactor.Proactor;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * What came of a run, in numbers.
 *
 * @param messagesPerSecond messages that came back completely, per second
 * @param p99Nanos what 99 of 100 were answered in
 * @param failures connections that failed, for whatever reason
 */
public record LoadFigures(double messagesPerSecond, long p99Nanos, long failures) {

    /** Makes a run against an echo server, and tells nobody how it goes. */
    public static LoadFigures of(Proactor proactor, SocketAddress remote, LoadPlan plan)
            throws InterruptedException {
        PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false,
                StandardCharsets.UTF_8);
        return new LoadRun(plan, proactor, nobody).run(remote).figures();
    }
}
