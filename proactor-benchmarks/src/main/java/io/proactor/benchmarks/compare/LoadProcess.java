package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A load generator that runs, on its own core, with connections to two servers at most. */
final class LoadProcess implements AutoCloseable {

    /** The two sides of a comparison. */
    enum Side { MEASURED, REFERENCE }

    private static final long ANSWER_SECONDS = 60;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Conversation conversation;

    /** Starts one for a case. Nothing is connected yet. */
    LoadProcess(List<String> program, Case load, Path logs, Patience patience) throws IOException {
        List<String> command = new ArrayList<>(Pinning.ofLoad());
        command.addAll(program);
        command.addAll(List.of(load.mode(), Integer.toString(load.connections()),
                Integer.toString(load.bytes()), Integer.toString(load.depth())));
        conversation = new Conversation("The load generator", command, logs.resolve("load.log"),
                patience);
    }

    /**
     * What one slice brought.
     *
     * @param operations round trips
     * @param nanos how long it took, to the last echo
     * @param ownNanos the processor time of the load generator
     */
    record Slice(long operations, long nanos, long ownNanos) {}

    void open(Side side, int port) throws IOException {
        ask("open " + side.ordinal() + " " + port, "open");
    }

    Slice slice(Side side, long millis) throws IOException {
        String[] numbers = ask("slice " + side.ordinal() + " " + millis, "slice").split(" ");
        return new Slice(Long.parseLong(numbers[1]), Long.parseLong(numbers[2]),
                Long.parseLong(numbers[3]));
    }

    /** Returns the latencies of a side in nanoseconds, since this was last asked. */
    Histogram latency(Side side) throws IOException {
        Histogram histogram = new Histogram(SIGNIFICANT_DIGITS);
        String[] buckets = ask("latency " + side.ordinal(), "latency").split(" ");
        for (int i = 1; i < buckets.length; i++) {
            int colon = buckets[i].indexOf(':');
            histogram.recordValueWithCount(Long.parseLong(buckets[i].substring(0, colon)),
                    Long.parseLong(buckets[i].substring(colon + 1)));
        }
        return histogram;
    }

    private String ask(String question, String expected) throws IOException {
        String answer = conversation.ask(question, ANSWER_SECONDS);
        if (!answer.startsWith(expected)) {
            throw new IOException("The load generator: " + answer);
        }
        return answer;
    }

    @Override
    public void close() {
        conversation.close();
    }
}
