package io.proactor.engine.uring;

import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/** The handler of something posted: runs a body on a dispatcher thread. */
record Posted(Runnable body) implements CompletionHandler<String, @Nullable Object> {

    static Posted of(Runnable body) {
        return new Posted(body);
    }

    @Override
    public void completed(String value, @Nullable Object attachment) {
        body.run();
    }

    @Override
    public void failed(Throwable cause, @Nullable Object attachment) {
        throw new AssertionError("A posted value cannot fail.", cause);
    }
}
