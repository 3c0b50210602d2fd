package io.proactor.samples;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.samples.cli.HandlerThreads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A processor with one of the dispatchers that it offers.
 *
 * @param processor its name
 * @param dispatcher whose threads call the handlers
 */
public record Setup(String processor, HandlerThreads dispatcher) {

    private static final int LOOPS = 2;  // two are enough to get in each other's way

    /** Returns every processor with every dispatcher that it offers. */
    public static Stream<Setup> all() {
        return processors().flatMap(processor -> Stream.of(HandlerThreads.values())
                .filter(dispatcher -> !processor.equals("nio2")
                        || dispatcher != HandlerThreads.LOOP)
                .map(dispatcher -> new Setup(processor, dispatcher)));
    }

    /** Returns every processor that runs here, once. */
    public static Stream<String> processors() {
        return Proactor.processors().entrySet().stream()
                .filter(each -> each.getValue().isEmpty()).map(Map.Entry::getKey);
    }

    /** Opens a proactor that tells {@code mishaps} what goes wrong. */
    public Proactor open(Mishaps mishaps) throws IOException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(processor)
                .withLoops(LOOPS).withListener(mishaps);
        return Proactor.open(switch (dispatcher) {
            case LOOP -> options.withLoopDispatcher();
            case POOLED -> options.withPooledDispatcher(LOOPS);
            case EXECUTOR -> options.withExecutorDispatcher(
                    Executors.newFixedThreadPool(2 * LOOPS, Setup::daemon));
        });
    }

    /** Returns the same choice as options of a command. */
    public List<String> arguments() {
        return List.of("--processor", processor, "--dispatcher", dispatcher.toString(),
                "--loops", "" + LOOPS);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public String toString() {
        return processor + " " + dispatcher;
    }
}
