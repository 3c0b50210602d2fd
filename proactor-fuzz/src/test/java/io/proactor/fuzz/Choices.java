package io.proactor.fuzz;

import java.util.Arrays;

/**
 * The fuzzer's bytes as a stream of choices. When they are used up every choice is 0, which each
 * target takes for the plainest thing to do: so every program that is made of choices ends.
 *
 * <p>Raw bytes rather than Jazzer's data provider: a committed input then means the same on a
 * machine that its native library does not run on.
 */
public final class Choices {

    private static final int SCRIPT_BYTES_MAX = 96;

    private final byte[] bytes;
    private final int end;
    private int next;

    private Choices(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.next = from;
        this.end = end;
    }

    /** All of the bytes are choices. */
    public static Choices of(byte[] data) {
        return new Choices(data, 0, data.length);
    }

    /** The last bytes are choices, at most half of all; those before them are {@link #content}. */
    public static Choices behindContent(byte[] data) {
        return new Choices(data, contentBytes(data), data.length);
    }

    /** Returns the bytes before the choices: what the peer sends. */
    public static byte[] content(byte[] data) {
        return Arrays.copyOf(data, contentBytes(data));
    }

    private static int contentBytes(byte[] data) {
        return data.length - Math.min(SCRIPT_BYTES_MAX, data.length / 2);
    }

    /** Returns a number from 0 to {@code bound} - 1; {@code bound} is at most 65,536. */
    public int below(int bound) {
        int value = nextByte();
        if (bound > 256) {
            value = value << 8 | nextByte();
        }
        return value % bound;
    }

    /** True about once in {@code times}, and never when the choices are used up. */
    public boolean onceIn(int times) {
        return below(times) == times - 1;
    }

    /** True if no byte is left. */
    public boolean usedUp() {
        return next == end;
    }

    private int nextByte() {
        return next < end ? bytes[next++] & 0xff : 0;
    }
}
