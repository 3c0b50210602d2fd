package io.proactor.samples.chat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The lines that the server sends. What somebody said starts with a bracket, what the server has to
 * say with a star or, if it is an error, with an exclamation mark, so that nobody speaks for
 * another.
 */
final class Line {

    private Line() {}

    /** Somebody says something to a room. */
    static ByteBuffer said(Name room, Name speaker, String text) {
        return encoded("[" + room + "] " + speaker + ": " + text);
    }

    /** Somebody says something to one client. No room has a blank in its name. */
    static ByteBuffer told(Name speaker, Name receiver, String text) {
        return encoded("[" + speaker + " to " + receiver + "] " + text);
    }

    /** The server says something. */
    static ByteBuffer notice(String text) {
        return encoded("* " + text);
    }

    /** The server cannot do what a client asked for. */
    static ByteBuffer error(String text) {
        return encoded("! " + text);
    }

    /** One encoding for all receivers: each sends a duplicate of the same bytes. */
    private static ByteBuffer encoded(String line) {
        return ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
