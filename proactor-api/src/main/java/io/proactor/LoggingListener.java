package io.proactor;

import io.proactor.operation.OperationTrace;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logs what the library has to tell; accept failures at most once a second. */
final class LoggingListener implements ProactorListener {

    static final LoggingListener INSTANCE = new LoggingListener();

    private static final System.Logger LOG = System.getLogger("io.proactor");

    /** A listener at its descriptor limit fails some six times a second; one line tells it. */
    private static final long ACCEPT_LOG_NANOS = 1_000_000_000L;

    // When the last accept failure was logged. Any thread: CAS.
    private final AtomicLong acceptLoggedNanos =
            new AtomicLong(System.nanoTime() - ACCEPT_LOG_NANOS);

    private LoggingListener() {}

    @Override
    public void handlerThrew(Throwable thrown, long operationId, @Nullable Object session) {
        LOG.log(Level.ERROR, "The handler of operation " + operationId + " on " + session
                + " threw.", thrown);
    }

    @Override
    public void acceptFailed(Acceptor acceptor, Throwable failure, Duration pause) {
        long now = System.nanoTime();
        long last = acceptLoggedNanos.get();
        if (now - last >= ACCEPT_LOG_NANOS && acceptLoggedNanos.compareAndSet(last, now)) {
            LOG.log(Level.WARNING, acceptor + " cannot accept: " + failure.getMessage()
                    + "; it tries again in " + pause.toMillis() + " ms.");
        }
    }

    @Override
    public void handlerSlow(Thread thread, Duration atLeast, StackTraceElement[] stack) {
        LOG.log(Level.WARNING, "A handler has kept " + thread.getName() + " for "
                + atLeast.toMillis() + " ms:" + Arrays.stream(stack)
                .map(frame -> System.lineSeparator() + "    at " + frame)
                .collect(Collectors.joining()));
    }

    @Override
    public void shutdownHeldUp(Duration since, List<PendingOperation> pending) {
        LOG.log(Level.WARNING, "The end of a proactor is held up, " + since.toMillis()
                + " ms after everything was aborted, by " + (pending.isEmpty()
                ? "a handler that does not return."
                : pending.stream().map(each -> System.lineSeparator() + "    " + each)
                .collect(Collectors.joining("", "operations that have not come back:", ""))));
    }

    @Override
    public void leaseLost(@Nullable OperationTrace taken) {
        LOG.log(Level.WARNING, "A lease was dropped without being closed. It was asked for here:",
                taken);
    }

    @Override
    public void processorFailed(Throwable failure) {
        LOG.log(Level.ERROR, "A thread of the processor failed.", failure);
    }
}
