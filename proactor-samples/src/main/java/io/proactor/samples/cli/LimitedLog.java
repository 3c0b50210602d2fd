package io.proactor.samples.cli;

import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A log for what strangers can bring about as often as they like: some lines a second, and the next
 * one says how many were left out. Any thread.
 *
 * <p>What a stranger has sent is never logged, only what became of it.
 */
public final class LimitedLog {

    private static final int LINES_PER_SECOND = 10;

    private final System.Logger log;
    private final Level level;
    private final LongSupplier clock;

    // Guarded by this.
    private final TokenBucket lines;
    private long suppressed;

    /** Takes the log that the lines go to. */
    public LimitedLog(System.Logger log, Level level) {
        this(log, level, System::nanoTime);
    }

    /** Takes the log that the lines go to, and the clock whose seconds count. */
    public LimitedLog(System.Logger log, Level level, LongSupplier clock) {
        this.log = log;
        this.level = level;
        this.clock = clock;
        lines = new TokenBucket(LINES_PER_SECOND, clock.getAsLong());
    }

    /** Logs a sentence, or counts it as suppressed. */
    public synchronized void log(Supplier<String> sentence) {
        if (!log.isLoggable(level)) {
            return;
        }
        if (!lines.take(clock.getAsLong())) {
            suppressed++;
            return;
        }
        log.log(level, PlainText.escaped(sentence.get())
                + (suppressed == 0 ? "" : " (suppressed " + suppressed + " before)"));
        suppressed = 0;
    }
}
