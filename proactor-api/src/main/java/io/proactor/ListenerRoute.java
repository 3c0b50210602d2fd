package io.proactor;

import io.proactor.operation.OperationOwner;
import io.proactor.spi.Handle;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorListener;
import io.proactor.spi.StreamHandle;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The way from a processor to the application's listener. Whatever the listener throws ends here:
 * it must not cost a thread of the processor.
 */
final class ListenerRoute implements ProcessorListener {

    private static final System.Logger LOG = System.getLogger("io.proactor");

    private final ProactorListener listener;

    ListenerRoute(ProactorOptions options) {
        listener = options.listener();
    }

    @Override
    public void handlerThrew(Throwable thrown, long operationId, @Nullable OperationOwner owner) {
        if (thrown instanceof RejectedExecutionException && owner instanceof Handle handle
                && !handle.context().accepting()) {
            return;  // it initiated something while the proactor was being shut down: no mistake
        }
        Object session = owner instanceof Handle handle ? handle.session() : null;
        tell(() -> listener.handlerThrew(thrown, operationId, session));
        if (owner instanceof StreamHandle stream) {
            stream.close();
        }
    }

    @Override
    public void acceptFailed(ListenHandle handle, Throwable failure, long pauseNanos) {
        if (handle.session() instanceof Acceptor acceptor) {
            tell(() -> listener.acceptFailed(acceptor, failure, Duration.ofNanos(pauseNanos)));
        }
    }

    @Override
    public void handlerSlow(Thread thread, long nanos) {
        StackTraceElement[] stack = thread.getStackTrace();
        tell(() -> listener.handlerSlow(thread, Duration.ofNanos(nanos), stack));
    }

    @Override
    public void processorFailed(Throwable failure) {
        tell(() -> listener.processorFailed(failure));
    }

    static void tell(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            log(thrown);
        }
    }

    private static void log(Throwable thrown) {
        try {
            LOG.log(Level.ERROR, "The listener threw.", thrown);
        } catch (Throwable unlogged) {
            // Not even the log can be written: the disk is full, say. Nobody is left to be told,
            // and the caller has a connection to close.
            assert unlogged != null;
        }
    }
}
