package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One read of a frame.
 *
 * <pre>
 *   PREFIX --length known--> BODY --all there--> over
 *      |                       |
 *      +------- failure -------+---> over; what has come stays with the {@link Frames}
 * </pre>
 *
 * <p>Threads: its handlers run one after the other, as those of the socket.
 */
final class FrameRead<A extends @Nullable Object>
        implements CompletionHandler<Integer, FrameRead.Step> {

    /** What is being read. */
    enum Step { PREFIX, BODY }

    private final Frames frames;
    private final @Nullable ByteBuffer target;  // the application's, or null if one is to be made
    private final int targetPosition;
    private final int targetLimit;
    private final A attachment;
    private final CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler;

    private @Nullable CurrentPart parts;   // set by begin
    private @Nullable ByteBuffer body;     // set by the step to BODY
    private int bodyStart;                 // its position without what was restored
    private int restored;                  // bytes of the payload that an earlier read had got
    private final int prefixBefore;        // bytes of the prefix that an earlier read had got

    FrameRead(Frames frames, @Nullable ByteBuffer target, A attachment,
            CompletionHandler<? super @Nullable ByteBuffer, ? super A> handler) {
        this.frames = frames;
        this.target = target;
        targetPosition = target == null ? 0 : target.position();
        targetLimit = target == null ? 0 : target.limit();
        this.attachment = attachment;
        this.handler = handler;
        prefixBefore = frames.prefix().position();
    }

    /** The initiator. */
    ComposedOperation begin(long timeout, TimeUnit unit) {
        CurrentPart begun = new CurrentPart(frames.socket().handle().context(), timeout, unit);
        parts = begun;
        if (frames.prefix().hasRemaining()) {
            begun.begin(frames.socket(), this::readPrefix);
            return begun;
        }
        Throwable refusal = prepareBody();
        boolean initiated = false;
        try {
            if (refusal == null) {
                begun.begin(frames.socket(), this::readBody);
            } else {
                begun.over();
                frames.socket().handle().fail(refusal, attachment, new Refused());
            }
            initiated = true;
        } finally {
            if (!initiated) {
                giveTargetBack();
            }
        }
        return begun;
    }

    private long readPrefix(long timeoutNanos) {
        return frames.socket().readExactly(frames.prefix(), timeoutNanos, TimeUnit.NANOSECONDS,
                Step.PREFIX, this);
    }

    private long readBody(long timeoutNanos) {
        assert body != null;
        return frames.socket().readExactly(body, timeoutNanos, TimeUnit.NANOSECONDS, Step.BODY,
                this);
    }

    @Override
    public void completed(Integer count, Step step) {
        if (count < 0) {
            endOfStream();
        } else if (step == Step.BODY) {
            succeed();
        } else {
            prefixCame();
        }
    }

    private void prefixCame() {
        Throwable refusal = prepareBody();
        if (refusal != null) {
            end(refusal);
            return;
        }
        assert body != null;
        if (!body.hasRemaining()) {
            succeed();
            return;
        }
        assert parts != null;
        Throwable obstacle = parts.proceed(frames.socket(), this::readBody, bytesMoved());
        if (obstacle != null) {
            end(obstacle);
        }
    }

    /**
     * Makes room for the payload, and puts in what an earlier read had got of it. Returns why there
     * is no room, or null.
     */
    private @Nullable Throwable prepareBody() {
        long length = frames.length();
        int room = target == null ? frames.bytesMax()
                : Math.min(frames.bytesMax(), target.remaining());
        if (length > room) {
            return new FrameTooLargeException(length, room, bytesMoved());
        }
        ByteBuffer into;
        try {
            into = target == null ? ByteBuffer.allocate((int) length) : target;
        } catch (OutOfMemoryError e) {
            return e;  // the peer chooses the length, and whoever reads has to hear of this
        }
        bodyStart = into.position();
        into.limit(bodyStart + (int) length);
        frames.restore(into);
        restored = into.position() - bodyStart;
        body = into;
        return null;
    }

    private void succeed() {
        ByteBuffer frame = body;
        assert frame != null;
        assert !frame.hasRemaining();
        frame.position(bodyStart);
        frames.forget();
        over();
        handler.completed(frame, attachment);
    }

    /** -1 is the end of the stream before the part; whether it is before the frame we know. */
    private void endOfStream() {
        if (frames.prefix().position() > 0) {
            end(new EndOfStreamException(bytesMoved()));
        } else {
            over();
            handler.completed(null, attachment);
        }
    }

    @Override
    public void failed(Throwable cause, Step step) {
        end(Recounted.of(cause, bytesMoved()));
    }

    private void end(Throwable cause) {
        ByteBuffer filled = body;
        if (filled != null) {
            frames.keep(filled.duplicate().limit(filled.position()).position(bodyStart));
        }
        giveTargetBack();
        over();
        handler.failed(cause, attachment);
    }

    private void giveTargetBack() {
        if (target != null) {
            target.limit(targetLimit).position(targetPosition);
        }
    }

    private void over() {
        assert parts != null;
        parts.over();
        frames.readEnded();
    }

    /** Returns the bytes that this read has taken from the stream. */
    private long bytesMoved() {
        int ofBody = body == null ? 0 : body.position() - bodyStart - restored;
        return frames.prefix().position() - prefixBefore + ofBody;
    }

    /** Tells of a frame whose prefix an earlier read had got already. */
    private final class Refused implements CompletionHandler<Void, A> {
        @Override
        public void completed(Void nothing, A attached) {
            throw new AssertionError("a failure is what was posted");
        }

        @Override
        public void failed(Throwable cause, A attached) {
            end(cause);
        }
    }
}
