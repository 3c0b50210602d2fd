package io.proactor.samples.chat;

import io.proactor.Proactor;
import io.proactor.samples.cli.PlainText;
import java.util.Locale;
import java.util.stream.Collectors;

/** Understands what the operator types, and does it. On the hall's strand. */
final class Operator {

    private static final String HELP =
            "/stats, /who, /kick NAME, /say TEXT, /shutdown, /help";

    private final Hall hall;
    private final Proactor proactor;
    private final ChatCounters counters;
    private final SlowReaders slowReaders;

    Operator(Hall hall, Proactor proactor, ChatCounters counters, SlowReaders slowReaders) {
        this.hall = hall;
        this.proactor = proactor;
        this.counters = counters;
        this.slowReaders = slowReaders;
    }

    String answer(String line) {
        String[] words = line.strip().split("\\s+", 2);
        String rest = words.length > 1 ? words[1] : "";
        return switch (words[0].toLowerCase(Locale.ROOT)) {
            case "/stats" -> stats();
            case "/who" -> hall.rooms().stream().map(Room::roll).collect(Collectors.joining("\n"));
            case "/kick" -> kick(rest);
            case "/say" -> say(rest);
            case "/help" -> HELP;
            default -> "There is no such command. " + HELP;
        };
    }

    private String stats() {
        return "clients: " + hall.size() + ", rooms: " + hall.rooms().size() + ", " + counters
                + ", slow readers cut: " + slowReaders.count() + "\n" + proactor;
    }

    private String kick(String text) {
        Name name = Name.parse(text);
        Member member = name == null ? null : hall.find(name);
        if (member == null) {
            return "Nobody here is called that.";
        }
        hall.expel(member);
        return member.name() + " is out.";
    }

    private String say(String text) {
        if (text.isBlank()) {
            return "Write /say TEXT.";
        }
        hall.announce("The operator says: " + PlainText.escaped(text));
        return "Told " + hall.size() + ".";
    }
}
