package io.proactor.operation;

import org.jspecify.annotations.Nullable;

/** The one place that a throwing handler is reported to. */
@FunctionalInterface
public interface HandlerFailures {

    /**
     * A handler threw. Called once for each such handler, on its dispatcher thread.
     *
     * @param thrown what it threw
     * @param operationId the operation whose handler it was
     * @param owner the operation's owner, or null for one that has none, such as a posted value
     */
    void handlerThrew(Throwable thrown, long operationId, @Nullable OperationOwner owner);
}
