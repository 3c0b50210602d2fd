package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a pipe.
 *
 * <pre>
 *   READ --bytes--> WRITE --all of them written--> READ
 *    |                |
 *    +--end, failure--+---> over
 * </pre>
 *
 * <p>Threads: the handlers of its reads run as those of the one socket, the handlers of its writes
 * as those of the other; since one part is pending at a time, none overlap.
 */
final class PipeRun<A extends @Nullable Object>
        implements CompletionHandler<Integer, PipeRun.Step> {

    /** Which part is pending. */
    enum Step { READ, WRITE }

    private final Pipe pipe;
    private final A attachment;
    private final CompletionHandler<? super Long, ? super A> handler;
    private final CurrentPart.Part read = this::read;    // made once, not for each turn
    private final CurrentPart.Part write = this::write;

    private @Nullable CurrentPart parts;  // set by begin
    private long bytesMoved;              // written by this run
    private int writing;                  // bytes of the write that is pending

    PipeRun(Pipe pipe, A attachment, CompletionHandler<? super Long, ? super A> handler) {
        this.pipe = pipe;
        this.attachment = attachment;
        this.handler = handler;
    }

    /** The initiator. */
    ComposedOperation begin(long timeout, TimeUnit unit) {
        CurrentPart begun = new CurrentPart(pipe.from().handle().context(), timeout, unit);
        parts = begun;
        if (pipe.buffer().hasRemaining()) {
            begun.begin(pipe.to(), write);
        } else {
            begun.begin(pipe.from(), read);
        }
        return begun;
    }

    private long read(long timeoutNanos) {
        assert !pipe.buffer().hasRemaining();
        boolean initiated = false;
        try {
            long id = pipe.from().read(pipe.buffer().clear(), timeoutNanos, TimeUnit.NANOSECONDS,
                    Step.READ, this);
            initiated = true;
            return id;
        } finally {
            if (!initiated) {
                pipe.buffer().flip();  // empty again
            }
        }
    }

    private long write(long timeoutNanos) {
        writing = pipe.buffer().remaining();
        return pipe.to().write(pipe.buffer(), timeoutNanos, TimeUnit.NANOSECONDS, Step.WRITE, this);
    }

    @Override
    public void completed(Integer count, Step step) {
        assert parts != null;
        ByteBuffer buffer = pipe.buffer();
        Throwable obstacle;
        if (step == Step.WRITE) {
            wrote();
            obstacle = parts.proceed(pipe.from(), read, bytesMoved);
        } else {
            buffer.flip();
            if (count < 0) {
                streamEnded();
                return;
            }
            obstacle = parts.proceed(pipe.to(), write, bytesMoved);
        }
        if (obstacle != null) {
            end(obstacle);
        }
    }

    @Override
    public void failed(Throwable cause, Step step) {
        if (step == Step.WRITE) {
            wrote();
        } else {
            pipe.buffer().flip();
        }
        end(Recounted.of(cause, bytesMoved));
    }

    /** Books what the write has put on the stream, all of it or a part. */
    private void wrote() {
        int count = writing - pipe.buffer().remaining();
        bytesMoved += count;
        pipe.moved(count);
    }

    private void streamEnded() {
        try {
            pipe.to().shutdownOutput();
        } catch (IllegalStateException e) {
            end(e);  // it is not connected, or being disconnected
            return;
        }
        over();
        handler.completed(bytesMoved, attachment);
    }

    private void end(Throwable cause) {
        over();
        handler.failed(cause, attachment);
    }

    private void over() {
        assert parts != null;
        parts.over();
        pipe.ended();
    }
}
