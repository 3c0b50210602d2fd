package io.proactor;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Initiates one composed operation, for {@link Completions}: {@code h -> frames.read(null, h)}.
 *
 * @param <V> what the operation yields
 */
@FunctionalInterface
public interface ComposedInitiation<V extends @Nullable Object> {

    /** Initiates a composed operation with {@code handler}, once, and returns it. */
    ComposedOperation initiate(CompletionHandler<V, @Nullable Object> handler);
}
