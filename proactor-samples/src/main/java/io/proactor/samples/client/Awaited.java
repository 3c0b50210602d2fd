package io.proactor.samples.client;

import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A completion handler for a thread that has nothing else to do than to wait for it: the thread of
 * a client that reads the keyboard, say. To be used once.
 */
public final class Awaited<V> implements CompletionHandler<V, @Nullable Void> {

    private final CompletableFuture<V> outcome = new CompletableFuture<>();

    @Override
    public void completed(V result, @Nullable Void attachment) {
        outcome.complete(result);
    }

    @Override
    public void failed(Throwable cause, @Nullable Void attachment) {
        outcome.completeExceptionally(cause);
    }

    /**
     * Waits for the operation. Not to be called by a handler, which others would wait for.
     *
     * @throws IOException with which the operation failed
     */
    public V result() throws IOException, InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }
}
