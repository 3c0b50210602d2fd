package io.proactor.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FiguresPageTest {

    @TempDir
    private Path folder;

    @Test
    void theMedianOfTheRoundsIsShownWithItsSpread() throws IOException {
        Results results = new Results();
        for (double ratio : new double[] {1.5, 1.1, 1.2}) {
            results.loads().add(figures("queue", ratio));
        }
        assertThat(page(results)).contains("| queue | **1.20** (1.10–1.50) |");
    }

    @Test
    void whoIsCheaperThanWeIsNamed() throws IOException {
        Results results = new Results();
        results.loads().addAll(List.of(figures("queue", 1.2), figures("selector", 1.1),
                figures("netty-nio", 1.3)));
        assertThat(page(results)).contains("- `queue`, 64,64,1: 1.20; cheaper: selector 1.10\n");
    }

    @Test
    void chartsAreSmallAndTheirTextIsText() throws IOException {
        Results results = new Results();
        results.add(new IdleFigures("queue", 10, 100, 200, 50, 3));
        page(results);
        assertThat(folder.resolve("page/idle.svg")).content().contains(">queue<")
                .hasSizeLessThan(50_000);
    }

    @Test
    void resultsSurviveTheFileAndLaterOnesReplaceEarlier() throws IOException {
        Results results = new Results();
        results.add(new CallFigures("64,64,1", "queue", "perf", 2, Map.of("read", 1.0)));
        results.write(folder.resolve("r.json"));
        Results again = Results.read(folder.resolve("r.json"));
        again.add(new CallFigures("64,64,1", "queue", "perf", 3, Map.of()));
        assertThat(again.calls()).extracting(CallFigures::total).containsExactly(3.0);
    }

    @Test
    void aPageWithoutMarksIsRefused() throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), "# Nothing\n");
        assertThatThrownBy(() -> MarkedPage.update(page, "figures", "text"))
                .isInstanceOf(IOException.class).hasMessageContaining("begin figures");
    }

    private String page(Results results) throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"),
                "before\n<!-- begin figures -->\nold\n<!-- end figures -->\nafter\n");
        ReportCommand.update(results, page);
        String text = Files.readString(page);
        assertThat(text).startsWith("before\n").endsWith("after\n").doesNotContain("old");
        return text;
    }

    private static LoadFigures figures(String server, double ratio) {
        return new LoadFigures(1, "64,64,1", server, 1_000, ratio, ratio, ratio, 1, 1, 5, 0.1, 5,
                1, 2, 3, 1, 2, 3, 0, 0, 0.5, 1, 1);
    }
}
