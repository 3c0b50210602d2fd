package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import io.proactor.samples.cli.TokenBucket;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client of the chat server: reads a line, has the hall do what it asks for, and then reads the
 * next one. Lines that come too fast or are too long get no further than this.
 *
 * <p>Threads: the {@code on...} methods are called by the handlers of the socket, which never
 * overlap; what touches the hall is posted to its strand.
 */
final class ChatSession implements LineInput.Reader {

    private final Hall hall;
    private final StreamSocket socket;
    private final Outbox outbox;
    private final ChatCounters counters;
    private final LineInput input;
    private final LongSupplier clock;

    // Owner: the handlers of the socket.
    private final TokenBucket lines;
    private final TokenBucket complaints;

    // Owner: the hall's strand. Null before the client has entered.
    private @Nullable Member member;

    /**
     * @param idle how long the client may take for its next line; zero for ever
     */
    ChatSession(Hall hall, StreamSocket socket, Outbox outbox, ChatCounters counters,
            Duration idle, LongSupplier clock) {
        this.hall = hall;
        this.socket = socket;
        this.outbox = outbox;
        this.counters = counters;
        this.clock = clock;
        long now = clock.getAsLong();
        lines = new TokenBucket(ChatLimits.LINES_PER_SECOND, now);
        complaints = new TokenBucket(ChatLimits.COMPLAINTS_PER_SECOND, now);
        input = new LineInput(socket, ChatLimits.LINE_BYTES_MAX, idle, this);
    }

    void start() {
        counters.clients.increment();
        post(() -> {
            member = hall.enter(outbox);
            input.next();
        });
    }

    @Override
    public void onLine(String line) {
        if (!inTime()) {
            input.next();
        } else if (line.length() > ChatLimits.LINE_BYTES_MAX) {
            tooLong();  // It was not when it came: what is escaped takes six times the room.
            input.next();
        } else if (line.isBlank()) {
            input.next();
        } else {
            counters.linesReceived.increment();
            Request request = RequestParser.parse(line);
            post(() -> perform(request));
        }
    }

    @Override
    public void onLongLine() {
        if (inTime()) {
            tooLong();
        }
    }

    @Override
    public void onEnd(@Nullable Throwable cause) {
        post(() -> {
            if (member != null) {
                hall.leave(member);
            }
            outbox.end();
        });
    }

    /** On the strand. */
    private void perform(Request request) {
        Member member = this.member;
        assert member != null;
        if (member.room() != null) {
            request.perform(hall, member);
        }
        if (member.room() != null) {
            input.next();
        } else {
            outbox.end();
        }
    }

    /**
     * Returns false, and complains now and then, if the line came too soon after those before it.
     */
    private boolean inTime() {
        long now = clock.getAsLong();
        if (lines.take(now)) {
            return true;
        }
        counters.linesTooFast.increment();
        if (complaints.take(now)) {
            outbox.send(Line.error("Lines come too fast: " + ChatLimits.LINES_PER_SECOND
                    + " per second are passed on, and the others dropped."));
        }
        return false;
    }

    private void tooLong() {
        counters.linesTooLong.increment();
        outbox.send(Line.error("The line is too long: " + ChatLimits.LINE_BYTES_MAX
                + " bytes are the most. It was dropped."));
    }

    private void post(Runnable task) {
        if (!hall.post(task)) {
            socket.close();
        }
    }
}
