package io.proactor;

import io.proactor.spi.WriteBudget;
import io.proactor.spi.WriteMarks;
import java.util.Objects;

/**
 * How much may wait to be written, and what happens to the one write that is too many. Start from
 * {@link #defaults()}.
 *
 * @param bytesHigh how many bytes a socket's write queue holds before {@code write} refuses more;
 *     raise it for peers that are far away and must be kept busy
 * @param bytesLow how far the queue must fall, after that, until the socket is writable again
 * @param writesMax how many writes a socket's queue holds before {@code write} refuses more; a
 *     quarter of it is the low mark
 * @param totalBytesMax how many bytes the queues of all sockets hold together before {@code write}
 *     refuses more; 0 for no bound. Set it where many slow peers at a time are to be expected
 * @param overflow what becomes of a socket whose queue is full
 */
public record WriteQueueOptions(long bytesHigh, long bytesLow, int writesMax, long totalBytesMax,
        Overflow overflow) {

    /** What becomes of a socket when a write is refused. {@code write} throws in either case. */
    public enum Overflow {
        /** Nothing: the application tries again when the socket is writable. */
        REFUSE,
        /** It is closed: a peer that does not read is not worth the memory. */
        CLOSE
    }

    private static final long BYTES_MAX = 1L << 38;  // what a queue's counter holds, with slack
    private static final int WRITES_MAX = 1 << 22;   // likewise

    /** Checks every component. */
    public WriteQueueOptions {
        Objects.requireNonNull(overflow, "overflow");
        between("bytesHigh", bytesHigh, 1, BYTES_MAX);
        between("bytesLow", bytesLow, 0, bytesHigh - 1);
        between("writesMax", writesMax, 1, WRITES_MAX);
        between("totalBytesMax", totalBytesMax, 0, Long.MAX_VALUE >> 1);
    }

    /**
     * Returns 1 MiB high and 256 KiB low, 65,536 writes, no bound for all together, and {@link
     * Overflow#REFUSE}.
     */
    public static WriteQueueOptions defaults() {
        return new WriteQueueOptions(1 << 20, 1 << 18, 1 << 16, 0, Overflow.REFUSE);
    }

    /** Returns these options with other bounds of a socket's queue; a quarter is the low mark. */
    public WriteQueueOptions withMaximum(long bytesHigh, int writesMax) {
        return new WriteQueueOptions(bytesHigh, bytesHigh / 4, writesMax, totalBytesMax, overflow);
    }

    /** Returns these options with other marks. */
    public WriteQueueOptions withMarks(long bytesHigh, long bytesLow) {
        return new WriteQueueOptions(bytesHigh, bytesLow, writesMax, totalBytesMax, overflow);
    }

    /** Returns these options with another bound for all queues together; 0 for none. */
    public WriteQueueOptions withTotalBytesMax(long totalBytesMax) {
        return new WriteQueueOptions(bytesHigh, bytesLow, writesMax, totalBytesMax, overflow);
    }

    /** Returns these options with another consequence of a full queue. */
    public WriteQueueOptions withOverflow(Overflow overflow) {
        return new WriteQueueOptions(bytesHigh, bytesLow, writesMax, totalBytesMax, overflow);
    }

    /** Returns what holds all queues of a proactor to these bounds. */
    WriteBudget budget() {
        return new WriteBudget(totalBytesMax, new WriteMarks(bytesHigh, bytesLow, writesMax));
    }

    private static void between(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
