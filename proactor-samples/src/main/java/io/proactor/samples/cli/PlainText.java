package io.proactor.samples.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text of strangers, made fit for terminals and logs: whatever could move a cursor, end a line,
 * change a colour or turn the direction of writing appears as {@code \}{@code uXXXX}, and so does
 * what is no UTF-8.
 */
public final class PlainText {

    /** What the JDK's decoder puts in the place of bytes that are no UTF-8. */
    private static final char REPLACEMENT = '\ufffd';

    /** Between the letters of some scripts and the parts of some emoji; they do no harm. */
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private PlainText() {}

    /** Returns the bytes that remain in {@code utf8} as plain text. */
    public static String decoded(ByteBuffer utf8) {
        return escaped(StandardCharsets.UTF_8.decode(utf8));
    }

    /** Returns {@code text} as plain text: itself, if it is plain. */
    public static String escaped(CharSequence text) {
        int length = text.length();
        int plain = plainPrefix(text);
        if (plain == length) {
            return text.toString();
        }
        StringBuilder escaped = new StringBuilder(length + 16).append(text, 0, plain);
        for (int i = plain; i < length; ) {
            int codePoint = Character.codePointAt(text, i);
            int chars = Character.charCount(codePoint);
            for (int j = i; j < i + chars; j++) {
                append(escaped, text.charAt(j), plain(codePoint));
            }
            i += chars;
        }
        return escaped.toString();
    }

    private static void append(StringBuilder escaped, char c, boolean plain) {
        if (plain) {
            escaped.append(c);
        } else {
            escaped.append("\\u").append(HexFormat.of().toHexDigits(c));
        }
    }

    private static int plainPrefix(CharSequence text) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = Character.codePointAt(text, i);
            if (!plain(codePoint)) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return i;
    }

    private static boolean plain(int codePoint) {
        if (codePoint == '\t' || codePoint == NON_JOINER || codePoint == JOINER) {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            // C0, DEL and C1.
            case Character.CONTROL -> false;
            // Embeddings, overrides and isolates of direction, marks that nobody sees.
            case Character.FORMAT -> false;
            // Half a character.
            case Character.SURROGATE -> false;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> codePoint != REPLACEMENT;
        };
    }
}
