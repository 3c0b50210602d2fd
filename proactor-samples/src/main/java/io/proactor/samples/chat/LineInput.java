package io.proactor.samples.chat;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.StreamSocket;
import io.proactor.samples.cli.PlainText;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines from a socket, each when it is asked for. A line that is too long is reported once
 * and skipped; what comes behind it is read as if nothing had been.
 */
final class LineInput implements CompletionHandler<Integer, @Nullable Void> {

    /** Whom the lines are for. Its methods are called by the handlers of the socket. */
    interface Reader {

        /** A line came: plain text, without its end. The next one comes when it is asked for. */
        void onLine(String line);

        /** A line is too long. The input looks for the next one by itself. */
        void onLongLine();

        /**
         * No more lines will come. Called once.
         *
         * @param cause null if the peer has ended the stream in good order
         */
        void onEnd(@Nullable Throwable cause);
    }

    private static final byte[] NEWLINE = {'\n'};
    private static final int LINE_END_BYTES_MAX = 2;  // \r\n

    private final StreamSocket socket;
    private final Reader reader;
    private final int lineBytesMax;
    private final long idleNanos;  // 0 for ever
    private final ByteBuffer buffer;
    private boolean skipping;  // true exactly when a part of the line was too long already

    /**
     * @param idle how long a line may take to come as a whole, so that it does not help to send a
     *     byte now and then; zero for ever
     */
    LineInput(StreamSocket socket, int lineBytesMax, Duration idle, Reader reader) {
        this.socket = socket;
        this.lineBytesMax = lineBytesMax;
        idleNanos = idle.toNanos();
        this.reader = reader;
        buffer = ByteBuffer.allocateDirect(lineBytesMax + LINE_END_BYTES_MAX);
    }

    /** Asks for a line. Not before the one that was asked for last has come. */
    void next() {
        try {
            socket.readUntil(buffer.clear(), NEWLINE, idleNanos, TimeUnit.NANOSECONDS, null, this);
        } catch (RejectedExecutionException e) {
            reader.onEnd(e);
        }
    }

    @Override
    public void completed(Integer bytes, @Nullable Void attachment) {
        if (bytes < 0) {
            reader.onEnd(null);
        } else if (skipping) {
            skipping = false;
            next();
        } else {
            deliver();
        }
    }

    @Override
    public void failed(Throwable cause, @Nullable Void attachment) {
        if (cause instanceof DelimiterNotFoundException) {
            skip();
        } else if (cause instanceof EndOfStreamException && !skipping) {
            deliver();  // The last line has no end, but it is a line. The next read says the rest.
        } else {
            reader.onEnd(cause);
        }
    }

    private void deliver() {
        buffer.flip();
        dropLast('\n');
        dropLast('\r');
        if (buffer.remaining() > lineBytesMax) {
            reader.onLongLine();
            next();
        } else {
            reader.onLine(PlainText.decoded(buffer));
        }
    }

    private void skip() {
        if (!skipping) {
            skipping = true;
            reader.onLongLine();
        }
        next();
    }

    private void dropLast(char end) {
        int last = buffer.limit() - 1;
        if (last >= 0 && buffer.get(last) == end) {
            buffer.limit(last);
        }
    }
}
