package io.proactor.engine.simulated;

import java.util.SplittableRandom;

/** All that a seed decides, in the order in which it is asked; or bytes do, as far as they go. */
final class Choices {

    private static final int BYTE_BITS = 8;
    private static final int BYTE_BOUND = 1 << BYTE_BITS;

    private final byte[] bytes;
    private final SplittableRandom random;
    private int next;

    /** The bytes decide first, as many as a choice needs each time, and then the seed. */
    Choices(long seed, byte[] bytes) {
        this.bytes = bytes.clone();
        random = new SplittableRandom(seed);
    }

    /** Returns 0 up to {@code bound} - 1. */
    int below(int bound) {
        if (bound == 1) {
            return 0;
        }
        return next < bytes.length ? (int) taken(bound) : random.nextInt(bound);
    }

    /** Returns 1 up to {@code most}. */
    int upTo(int most) {
        return 1 + below(most);
    }

    /** Returns 0 up to {@code most}. */
    long upTo(long most) {
        if (most == 0) {
            return 0;
        }
        return next < bytes.length ? taken(most + 1) : random.nextLong(most + 1);
    }

    /** True once in {@code n} times; never if that is 0. */
    boolean oneIn(int n) {
        return n != 0 && below(n) == 0;
    }

    /** Returns any number. */
    long any() {
        return next < bytes.length ? taken(Long.MAX_VALUE) : random.nextLong();
    }

    private long taken(long bound) {
        long value = 0;
        long reach = 1;
        while (reach < bound && next < bytes.length) {
            value = value << BYTE_BITS | bytes[next++] & BYTE_BOUND - 1;
            reach = reach > Long.MAX_VALUE >> BYTE_BITS ? Long.MAX_VALUE : reach << BYTE_BITS;
        }
        return Long.remainderUnsigned(value, bound);
    }
}
