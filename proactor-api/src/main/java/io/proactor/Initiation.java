package io.proactor;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Initiates one operation, for {@link Completions}: {@code h -> socket.read(buffer, null, h)}.
 *
 * @param <V> what the operation yields
 */
@FunctionalInterface
public interface Initiation<V extends @Nullable Object> {

    /**
     * Initiates an operation with {@code handler}, once.
     *
     * @return the operation's id
     */
    long initiate(CompletionHandler<V, @Nullable Object> handler);
}
