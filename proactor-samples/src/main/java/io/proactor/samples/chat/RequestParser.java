package io.proactor.samples.chat;

import java.util.Locale;
import java.util.function.Function;

/** Understands a line of a client. */
final class RequestParser {

    private static final String NAME_RULE = " is 1 to " + ChatLimits.NAME_CHARS_MAX
            + " letters, digits, _ or -.";

    private RequestParser() {}

    /** Returns what a line asks for. Its text has been escaped, its end is gone. */
    static Request parse(String line) {
        if (!line.startsWith("/")) {
            return new Request.Say(line);
        }
        String command = firstWord(line);
        String rest = line.substring(command.length()).strip();
        return switch (command.toLowerCase(Locale.ROOT)) {
            case "/nick" -> named(rest, "A nick", Request.Rename::new);
            case "/join" -> named(rest, "The name of a room", Request.Join::new);
            case "/msg" -> tell(rest);
            case "/who" -> new Request.Who();
            case "/quit" -> new Request.Quit();
            case "/help" -> new Request.Help();
            default -> new Request.Unclear("There is no such command; /help lists them.");
        };
    }

    private static Request named(String text, String what, Function<Name, Request> request) {
        Name name = Name.parse(text);
        return name != null ? request.apply(name) : new Request.Unclear(what + NAME_RULE);
    }

    private static Request tell(String rest) {
        String receiver = firstWord(rest);
        String text = rest.substring(receiver.length()).strip();
        if (text.isEmpty()) {
            return new Request.Unclear("Write /msg NAME TEXT.");
        }
        return named(receiver, "A nick", name -> new Request.Tell(name, text));
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }
}
