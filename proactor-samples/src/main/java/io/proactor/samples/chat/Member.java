package io.proactor.samples.chat;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A client as the hall sees it. Owner: the hall's strand. */
final class Member {

    private final Outbox outbox;
    private Name name;
    private @Nullable Room room;  // null before the member has entered, and after it has left

    Member(Name name, Outbox outbox) {
        this.name = name;
        this.outbox = outbox;
    }

    Outbox outbox() {
        return outbox;
    }

    void send(ByteBuffer line) {
        outbox.send(line);
    }

    Name name() {
        return name;
    }

    void name(Name name) {
        this.name = name;
    }

    @Nullable Room room() {
        return room;
    }

    void room(@Nullable Room room) {
        this.room = room;
    }
}
