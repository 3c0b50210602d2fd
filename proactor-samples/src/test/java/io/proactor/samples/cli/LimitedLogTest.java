package io.proactor.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

final class LimitedLogTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private long nowNanos;
    private final LimitedLog log =
            new LimitedLog(new Collecting(), Level.WARNING, () -> nowNanos);

    @Test
    void tenLinesASecondAndTheNextOneSaysHowManyWereLeftOut() {
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            log.log(() -> "Line " + number + ".");
        }
        assertThat(lines).hasSize(10).last().isEqualTo("Line 9.");
        nowNanos += SECOND;
        log.log(() -> "Later.");
        log.log(() -> "And again.");
        assertThat(lines.subList(10, 12))
                .containsExactly("Later. (suppressed 990 before)", "And again.");
    }

    @Test
    void noLineCanBecomeTwoOrReachTheTerminal() {
        log.log(() -> "a\r\nb\u001b[2J\u202e");
        assertThat(lines).containsExactly("a\\u000d\\u000ab\\u001b[2J\\u202e");
    }

    @Test
    void whatIsNotLoggedIsNotEvenPutTogether() {
        LimitedLog quiet = new LimitedLog(new Collecting(), Level.DEBUG, () -> nowNanos);
        quiet.log(() -> {
            throw new AssertionError("nobody asked");
        });
        assertThat(lines).isEmpty();
    }

    private final class Collecting implements System.Logger {
        @Override
        public String getName() {
            return "collecting";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(Level.INFO) >= 0;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            throw new AssertionError("a stack trace for a stranger's fault", thrown);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            lines.add(format);
        }
    }
}
