package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.ReadableFile;
import io.proactor.contract.Until;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T31: a program cannot tell by its outcomes which processor it runs on. */
@EnabledIfAvailable
final class OutcomeTraceTest {

    private static final int SCRIPTS = 30;
    private static final int STEPS = 40;
    private static final int FILE_BYTES = 100_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "pooled"})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    @DisplayName("T31 the same script has the same outcomes on queue, on nio2 and on uring")
    void sameScriptHasTheSameOutcomes(String dispatcher) throws Exception {
        long seed = Long.getLong("proactor.test.seed", System.nanoTime());
        System.out.println("sameScriptHasTheSameOutcomes: -Dproactor.test.seed=" + seed);
        byte[] bytes = new byte[FILE_BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        Path path = Files.write(folder.resolve("file"), bytes);
        try (Proactor queue = open("queue", dispatcher);
                Proactor nio2 = open("nio2", "pooled");
                Proactor uring = open("uring", dispatcher)) {
            for (int i = 0; i < SCRIPTS; i++) {
                List<String> expected = trace(queue, seed + i, path);
                assertSame(expected, trace(nio2, seed + i, path), "nio2, script " + (seed + i));
                assertSame(expected, trace(uring, seed + i, path), "uring, script " + (seed + i));
            }
            for (Proactor each : List.of(queue, nio2, uring)) {
                Until.until("nothing is outstanding: " + each,
                        () -> each.statistics().outstanding() == 0);
                assertThat(each.leasesOpen()).isZero();
            }
        }
    }

    private static Proactor open(String processor, String dispatcher) throws Exception {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(processor).withLoops(2);
        return Proactor.open(dispatcher.equals("loop") ? options.withLoopDispatcher()
                : options.withPooledDispatcher(2));
    }

    private static void assertSame(List<String> expected, List<String> actual, String what) {
        for (int i = 0; i < STEPS; i++) {
            assertThat(actual.get(i)).as("%s, step %s, after %s", what, i, actual.subList(0, i))
                    .isEqualTo(expected.get(i));
        }
    }

    private static List<String> trace(Proactor proactor, long seed, Path path)
            throws Exception {
        try (FileChannel channel = FileChannel.open(path);
                ReadableFile file = proactor.openFile(path);
                ScriptedClient client = new ScriptedClient(proactor, seed, file, channel)) {
            return client.run(STEPS);
        }
    }
}
