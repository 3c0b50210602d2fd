package io.proactor.samples.chat;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Those who hear each other. Owner: the hall's strand. */
final class Room {

    private final Name name;
    private final Set<Member> members = new LinkedHashSet<>();

    Room(Name name) {
        this.name = name;
    }

    Name name() {
        return name;
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    void add(Member member) {
        assert member.room() == null;
        members.add(member);
        member.room(this);
    }

    void remove(Member member) {
        assert member.room() == this;
        members.remove(member);
        member.room(null);
    }

    /** Sends a line to everyone. Nobody leaves meanwhile: to be cut is to leave later. */
    void send(ByteBuffer line) {
        for (Member member : members) {
            member.send(line);
        }
    }

    /** Returns who is in the room, for people to read. */
    String roll() {
        int more = members.size() - ChatLimits.NAMES_LISTED_MAX;
        return name + " (" + members.size() + "): "
                + members.stream().limit(ChatLimits.NAMES_LISTED_MAX)
                .map(member -> member.name().text()).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
