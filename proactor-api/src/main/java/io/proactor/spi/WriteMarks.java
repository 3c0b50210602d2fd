package io.proactor.spi;

/**
 * The bounds of one write queue, and how far it must fall after it has reached one of them.
 *
 * @param bytesHigh bytes from which on no further write is let in
 * @param bytesLow bytes down to which the queue must fall until it is writable again
 * @param writesHigh the same for the number of writes, of which a quarter is low
 */
public record WriteMarks(long bytesHigh, long bytesLow, int writesHigh) {

    /** Without bounds. */
    static final WriteMarks NONE =
            new WriteMarks(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

    boolean reached(long bytes, long writes) {
        return bytes >= bytesHigh || writes >= writesHigh;
    }

    boolean low(long bytes, long writes) {
        return bytes <= bytesLow && writes <= writesHigh / 4;
    }
}
