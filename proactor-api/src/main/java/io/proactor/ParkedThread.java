package io.proactor;

import io.proactor.spi.Environment;
import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The handler of one operation, for the thread that made it and waits for it. */
final class ParkedThread<V extends @Nullable Object>
        implements CompletionHandler<V, @Nullable Object> {

    private final Environment environment;
    private final Thread thread = Thread.currentThread();

    // Written by the handler's thread before done.
    private @Nullable V value;
    private @Nullable Throwable cause;

    // True exactly from when value and cause are final.
    private volatile boolean done;

    ParkedThread(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void completed(V result, @Nullable Object attachment) {
        value = result;
        end();
    }

    @Override
    public void failed(Throwable failure, @Nullable Object attachment) {
        cause = failure;
        end();
    }

    private void end() {
        assert !done : "a handler is called once";
        done = true;
        LockSupport.unpark(thread);
    }

    /** The thread. Waits for the end; an interrupt has {@code operation} cancelled. */
    V await(ComposedOperation operation) throws IOException {
        assert Thread.currentThread() == thread;
        boolean interrupted = false;
        while (!done) {
            environment.park(this);
            if (Thread.interrupted() && !interrupted) {
                interrupted = true;
                operation.cancel();
            }
        }
        if (interrupted) {
            thread.interrupt();
        }
        return result();
    }

    private V result() throws IOException {
        Throwable failure = cause;
        if (failure == null) {
            return value;
        }
        // The frames of the thread that it was made on say nothing to whoever waits here.
        failure.setStackTrace(callerFrames());
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw new IOException(failure);
    }

    /** Returns the stack of the caller, without the frames of the bridge. */
    private static StackTraceElement[] callerFrames() {
        StackTraceElement[] frames = new Throwable().getStackTrace();
        int first = 0;
        while (first < frames.length - 1 && isOfTheBridge(frames[first].getClassName())) {
            first++;
        }
        return Arrays.copyOfRange(frames, first, frames.length);
    }

    private static boolean isOfTheBridge(String className) {
        return className.equals(ParkedThread.class.getName())
                || className.equals(Completions.class.getName());
    }
}
