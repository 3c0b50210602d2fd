package io.proactor.engine.simulated;

import java.util.SplittableRandom;

/** All that a seed decides, in the order in which it is asked. */
final class Choices {

    private final SplittableRandom random;

    Choices(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Returns 0 up to {@code bound} - 1. */
    int below(int bound) {
        return bound == 1 ? 0 : random.nextInt(bound);
    }

    /** Returns 1 up to {@code most}. */
    int upTo(int most) {
        return 1 + below(most);
    }

    /** Returns 0 up to {@code most}. */
    long upTo(long most) {
        return most == 0 ? 0 : random.nextLong(most + 1);
    }

    /** True once in {@code n} times; never if that is 0. */
    boolean oneIn(int n) {
        return n != 0 && below(n) == 0;
    }

    /** Returns any number. */
    long any() {
        return random.nextLong();
    }
}
