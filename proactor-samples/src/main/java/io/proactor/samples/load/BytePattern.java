package io.proactor.samples.load;

import java.nio.ByteBuffer;

/**
 * The bytes that one connection sends. Each depends on the connection and on its place in the
 * stream, so that a byte that is lost, doubled, out of its order or another connection's is found
 * out.
 */
final class BytePattern {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;  // as in SplittableRandom

    private final long seed;

    BytePattern(int connection) {
        seed = mixed(connection + 1L);
    }

    /** Fills what remains of {@code target} with the bytes from {@code position} on. */
    void fill(ByteBuffer target, long position) {
        long next = position;
        while (target.hasRemaining() && !startsWord(next)) {
            target.put(at(next++));
        }
        while (target.remaining() >= Long.BYTES) {
            target.putLong(word(next));
            next += Long.BYTES;
        }
        while (target.hasRemaining()) {
            target.put(at(next++));
        }
    }

    /**
     * Compares what remains of {@code source} with the bytes from {@code position} on.
     *
     * @return how many are right before the first that is not, or -1 if all are
     */
    int mismatch(ByteBuffer source, long position) {
        int start = source.position();
        int bytes = source.remaining();
        int i = 0;
        while (i < bytes) {
            long next = position + i;
            if (startsWord(next) && bytes - i >= Long.BYTES
                    && source.getLong(start + i) == word(next)) {
                i += Long.BYTES;
            } else if (source.get(start + i) == at(next)) {
                i++;
            } else {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWord(long position) {
        return (position & (Long.BYTES - 1)) == 0;
    }

    private byte at(long position) {
        int shift = (Long.BYTES - 1 - (int) (position & (Long.BYTES - 1))) * Byte.SIZE;
        return (byte) (word(position) >>> shift);
    }

    private long word(long position) {
        return mixed(seed + position / Long.BYTES * GOLDEN_GAMMA);
    }

    /** SplitMix64's finalizer: Steele, Lea and Flood, OOPSLA 2014. */
    private static long mixed(long z) {
        long y = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        long x = (y ^ y >>> 27) * 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }
}
