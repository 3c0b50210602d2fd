package io.proactor.samples.chat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of a client or of a room. Names that differ in case only are the same name, so that
 * nobody passes for another.
 *
 * @param text as it is shown: 1 to 32 letters, digits, {@code _} and {@code -}
 */
record Name(String text) {

    static final Name LOBBY = new Name("lobby");

    Name {
        if (!valid(text)) {
            throw new IllegalArgumentException("not a name");
        }
    }

    /** Returns a name, or null if {@code text} is none. */
    static @Nullable Name parse(String text) {
        return valid(text) ? new Name(text) : null;
    }

    /** Returns what is the same for all ways to write this name. */
    String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean valid(String text) {
        return !text.isEmpty() && text.length() <= ChatLimits.NAME_CHARS_MAX
                && text.chars().allMatch(Name::valid);
    }

    private static boolean valid(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || c == '_' || c == '-';
    }

    @Override
    public String toString() {
        return text;
    }
}
