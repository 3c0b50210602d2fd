package io.proactor.samples.chat;

import io.proactor.Strand;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Who is there, and in which room. The hall lives on one strand, so it needs no lock, and whatever
 * it sends reaches everyone in the same order.
 *
 * <p>That order keeps each sender's: a client has at most one task on the strand, the one for the
 * line that it read last, and its next line is read only after that. So the strand never holds more
 * tasks than there are clients, and a few of the operator's.
 */
final class Hall {

    private static final String HELP = "/nick NAME, /join ROOM, /who, /msg NAME TEXT, /quit, /help;"
            + " anything else goes to everyone in the room.";

    private final Strand strand;

    // Owner of all that follows: the strand. Keys are those of the names.
    private final Map<String, Member> members = new HashMap<>();
    private final Map<String, Room> rooms = new TreeMap<>();
    private final Room lobby = new Room(Name.LOBBY);
    private long guests;      // how many have been given a name
    private boolean closing;  // true exactly when everyone has been told that the server stops

    Hall(Strand strand) {
        this.strand = strand;
        rooms.put(lobby.name().key(), lobby);
    }

    /** Has a task run on the strand. Any thread. Returns false if the server has ended. */
    boolean post(Runnable task) {
        try {
            strand.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    // ---- What clients ask for -----------------------------------------------------------------

    Member enter(Outbox outbox) {
        assert strand.runsOnCurrentThread();
        Member member = new Member(guestName(), outbox);
        members.put(member.name().key(), member);
        member.send(Line.notice("Welcome to the Proactor chat. You are " + member.name()
                + " and in the " + Name.LOBBY + "; /help lists the commands."));
        move(member, lobby);
        return member;
    }

    void quit(Member member) {
        leave(member);
        member.send(Line.notice("Goodbye, " + member.name() + "."));
    }

    /** A member leaves, or has left already. */
    void leave(Member member) {
        assert strand.runsOnCurrentThread();
        Room room = member.room();
        if (room == null) {
            return;
        }
        members.remove(member.name().key());
        depart(member, room);
        if (!closing) {
            room.send(Line.notice(member.name() + " has left."));
        }
    }

    void say(Member member, String text) {
        Room room = member.room();
        if (room != null) {
            room.send(Line.said(room.name(), member.name(), text));
        }
    }

    void tell(Member member, Name name, String text) {
        Member receiver = members.get(name.key());
        if (receiver == null) {
            member.send(Line.error("Nobody here is called " + name + "."));
            return;
        }
        ByteBuffer line = Line.told(member.name(), receiver.name(), text);
        receiver.send(line);
        if (receiver != member) {
            member.send(line);
        }
    }

    void rename(Member member, Name name) {
        Room room = member.room();
        Member holder = members.get(name.key());
        if (room == null) {
            return;
        }
        if (holder != null && holder != member) {
            member.send(Line.error("The nick " + name + " is taken."));
            return;
        }
        Name before = member.name();
        members.remove(before.key());
        member.name(name);
        members.put(name.key(), member);
        room.send(Line.notice(before + " is now " + name + "."));
    }

    void join(Member member, Name name) {
        Room from = member.room();
        Room to = rooms.get(name.key());
        if (from == null) {
            return;
        }
        if (to == from) {
            member.send(Line.error("You are in " + from.name() + " already."));
            return;
        }
        if (to == null && rooms.size() > ChatLimits.ROOMS_MAX) {
            member.send(Line.error("There are " + ChatLimits.ROOMS_MAX + " rooms, which is all that"
                    + " there can be."));
            return;
        }
        depart(member, from);
        from.send(Line.notice(member.name() + " has gone to " + name + "."));
        if (to == null) {
            to = new Room(name);
            rooms.put(name.key(), to);
        }
        move(member, to);
    }

    void who(Member member) {
        Room room = member.room();
        if (room != null) {
            member.send(Line.notice(room.roll()));
        }
    }

    void help(Member member) {
        member.send(Line.notice(HELP));
    }

    void answer(Member member, String text) {
        member.send(Line.error(text));
    }

    // ---- What the operator asks for -----------------------------------------------------------

    int size() {
        return members.size();
    }

    Collection<Room> rooms() {
        return rooms.values();
    }

    @Nullable Member find(Name name) {
        return members.get(name.key());
    }

    /** Shows a member the door. Its last line says so. */
    void expel(Member member) {
        leave(member);
        member.outbox().dismiss(Line.notice("The operator has closed your connection."));
    }

    /** Tells everyone something. */
    void announce(String text) {
        ByteBuffer line = Line.notice(text);
        members.values().forEach(member -> member.send(line));
    }

    /** Tells everyone that the server stops. That all of them leave is then no news. */
    void close() {
        if (!closing) {
            closing = true;
            announce("The server is shutting down.");
        }
    }

    // ---- Private ------------------------------------------------------------------------------

    private void move(Member member, Room room) {
        room.add(member);
        room.send(Line.notice(member.name() + " has joined " + room.name() + "."));
    }

    private void depart(Member member, Room room) {
        room.remove(member);
        if (room.isEmpty() && room != lobby) {
            rooms.remove(room.name().key());
        }
    }

    private Name guestName() {
        Name name;
        do {
            guests++;
            name = new Name("guest" + guests);
        } while (members.containsKey(name.key()));
        return name;
    }
}
