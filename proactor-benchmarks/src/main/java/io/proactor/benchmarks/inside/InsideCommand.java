package io.proactor.benchmarks.inside;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the micro-benchmarks. */
@Command(name = "inside", mixinStandardHelpOptions = true, showDefaultValues = true,
        header = "Runs the micro-benchmarks, with the bytes that each operation allocates.")
public final class InsideCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", arity = "0..*",
            description = "Which, by a part of their names; all if none is named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--forks", defaultValue = "2", paramLabel = "N",
            description = "JVMs for each benchmark.")
    private int forks;

    @Option(names = "--iterations", defaultValue = "5", paramLabel = "N",
            description = "Measured iterations in each JVM; as many come before them to warm up.")
    private int iterations;

    @Option(names = "--seconds", defaultValue = "1", paramLabel = "S",
            description = "How long an iteration takes.")
    private int seconds;

    @Override
    public Integer call() throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().forks(forks)
                .warmupIterations(iterations).warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(iterations).measurementTime(TimeValue.seconds(seconds))
                .addProfiler("gc");
        if (names.isEmpty()) {
            options.include(InsideCommand.class.getPackageName());
        }
        names.forEach(options::include);
        boolean leftOut = leavesOut(RingFillBenchmark.class, RingByName.refusal(), options);
        try {
            new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            if (!leftOut) {
                throw e;
            }
        }
        return 0;
    }

    /** Leaves a benchmark out if there is a reason, and says so if it was asked for. */
    private boolean leavesOut(Class<?> benchmark, @Nullable String reason,
            ChainedOptionsBuilder options) {
        if (reason == null) {
            return false;
        }
        options.exclude(Pattern.quote(benchmark.getName()));
        boolean wanted = names.isEmpty() || Arrays.stream(benchmark.getMethods())
                .map(method -> benchmark.getName() + "." + method.getName())
                .anyMatch(full -> names.stream()
                        .anyMatch(name -> Pattern.compile(name).matcher(full).find()));
        if (wanted) {
            System.out.println(benchmark.getSimpleName() + " is left out: " + reason + ".");
        }
        return wanted;
    }
}
