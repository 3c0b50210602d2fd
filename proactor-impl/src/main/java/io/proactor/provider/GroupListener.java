package io.proactor.provider;

import io.proactor.operation.OperationOwner;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes into the log what a group's processor says besides the completions. */
record GroupListener(String group, GroupThreads threads) implements ProcessorListener {

    private static final Logger LOG = LoggerFactory.getLogger(GroupListener.class);

    @Override
    public void handlerThrew(Throwable thrown, long operationId, @Nullable OperationOwner owner) {
        // The processor knows handlers of this package only.
        LOG.error("{}: a result could not be handed on. This is a bug.", group, thrown);
    }

    @Override
    public void acceptFailed(ListenHandle listener, Throwable failure, long pauseNanos) {
        LOG.warn("{}: {} could not accept, and tries again after {} ms.", group,
                listener.localAddress(), pauseNanos / 1_000_000, failure);
    }

    @Override
    public void handlerSlow(Thread thread, long nanos) {
        throw new AssertionError("no threshold was set");
    }

    @Override
    public void processorFailed(Throwable failure) {
        LOG.error("{}: the processor failed.", group, failure);
    }

    @Override
    public void dispatched() {
        threads.batchEnds();
    }
}
