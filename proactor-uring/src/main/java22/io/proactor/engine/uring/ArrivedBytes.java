package io.proactor.engine.uring;

import io.proactor.engine.event.CarryOver;
import io.proactor.operation.ReadOperation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one connection that are here and that no read has taken yet, oldest first. First what an
 * earlier read had too many of; then what has come before a read asked for it. That stays in the
 * buffers that the kernel picked, up to the connection's credit and as long as the group lends;
 * what comes in excess of that is copied to the heap, and everything behind it too.
 *
 * <p>Threads: the loop's.
 *
 * <p>Bound: {@link #CREDIT} buffers, and what the kernel brings between the end of the credit and
 * the end of the receive: where it counts for us, one buffer more than {@link #CREDIT} in all;
 * where it does not, what it has received at the moment of the cancel.
 */
final class ArrivedBytes {

    /**
     * Buffers. Of these sizes, as much as TCP brings in a turn or two; a connection that has all of
     * them unread is one whose reader is behind.
     */
    static final int CREDIT = 4;

    /** Up to so much is put behind what a buffer holds already, rather than to keep another one. */
    private static final int APPENDED_BYTES_MAX = 1_024;

    private static final @Nullable BufferGroup[] NO_GROUPS = {};
    private static final int[] NO_NUMBERS = {};

    private @Nullable CarryOver carry;  // made when something is first left over

    // A queue of buffers that are lent: entry (first + i) % CREDIT, for i below count. The arrays
    // are empty until there is the first one, since most bytes are taken by a read at once.
    private @Nullable BufferGroup[] groups = NO_GROUPS;
    private int[] bufferIds = NO_NUMBERS;
    private int[] froms = NO_NUMBERS;
    private int[] ends = NO_NUMBERS;
    private int first;
    private int count;

    // What came behind them: from position to limit; null if nothing did.
    private @Nullable ByteBuffer excess;

    boolean isEmpty() {
        return count == 0 && excess == null && !hasCarry();
    }

    private boolean hasCarry() {
        return carry != null && !carry.isEmpty();
    }

    /** Returns whether the connection has as much as it may have, so that no more should come. */
    boolean full() {
        return count == CREDIT || excess != null;
    }

    // ---- Coming -------------------------------------------------------------------------------

    /** Keeps what a read has left over; nothing else may be here. */
    void keep(ByteBuffer source, int from, int to) {
        assert isEmpty();
        if (to > from) {
            if (carry == null) {
                carry = new CarryOver();
            }
            carry.put(source, from, to);
        }
    }

    /**
     * Keeps bytes that the kernel has put into a buffer.
     *
     * @return false if they were copied, so that the buffer is still the caller's
     */
    boolean add(BufferGroup group, int bufferId, int bytes) {
        if (excess == null && count > 0 && append(group, bufferId, bytes)) {
            return false;
        }
        if (full() || !group.lend()) {
            copy(group.filled(bufferId, bytes));
            return false;
        }
        if (groups.length == 0) {
            groups = new @Nullable BufferGroup[CREDIT];
            bufferIds = new int[CREDIT];
            froms = new int[CREDIT];
            ends = new int[CREDIT];
        }
        int entry = (first + count++) % CREDIT;
        groups[entry] = group;
        bufferIds[entry] = bufferId;
        froms[entry] = 0;
        ends[entry] = bytes;
        return true;
    }

    private boolean append(BufferGroup group, int bufferId, int bytes) {
        int last = (first + count - 1) % CREDIT;
        BufferGroup holder = groups[last];
        assert holder != null : "the queue has an entry";
        int end = ends[last];
        if (bytes > APPENDED_BYTES_MAX || end + bytes > holder.bufferBytes()) {
            return false;
        }
        ends[last] = end + bytes;
        holder.append(bufferIds[last], end, group.filled(bufferId, bytes));
        return true;
    }

    private void copy(ByteBuffer bytes) {
        int length = bytes.remaining();
        ByteBuffer before = excess;
        if (before == null) {
            excess = ByteBuffer.allocate(length).put(bytes).flip();
            return;
        }
        ByteBuffer after = before.capacity() - before.limit() >= length ? before
                : ByteBuffer.allocate(2 * (before.remaining() + length)).put(before).flip();
        int end = after.limit();
        after.limit(end + length).put(end, bytes, bytes.position(), length);
        excess = after;
    }

    // ---- Going --------------------------------------------------------------------------------

    /**
     * Gives a receive a buffer: the one that its bytes are in, if that can be. False if there is
     * none to be had now.
     */
    boolean equip(ReadOperation receive, ReceiveCredit credit) {
        BufferGroup group = hasCarry() || count == 0 ? null : groups[first];
        if (group == null || froms[first] > 0) {
            return credit.equip(receive);
        }
        if (credit.equip(receive, ends[first], group, bufferIds[first])) {
            drop();
        }
        return !receive.needsBuffer();
    }

    /** Moves bytes into the read's buffer. True if the read is satisfied. */
    boolean fill(ReadOperation read) {
        boolean satisfied = !read.untilDelimiter() && read.bytesMoved() > 0 && read.satisfied();
        if (carry != null && !carry.isEmpty()) {
            satisfied = read.fill(carry.bytes());
            carry.taken();
        }
        while (!isEmpty() && !read.full() && !(satisfied && read.untilDelimiter())) {
            satisfied = fillFromHead(read);
        }
        return satisfied;
    }

    private boolean fillFromHead(ReadOperation read) {
        BufferGroup group = count == 0 ? null : groups[first];
        if (group == null) {
            ByteBuffer rest = excess;
            assert rest != null : "something is here";
            boolean satisfied = read.fill(rest);
            excess = rest.hasRemaining() ? rest : null;
            return satisfied;
        }
        ByteBuffer head = group.filled(bufferIds[first], ends[first]).position(froms[first]);
        boolean satisfied = read.fill(head);
        froms[first] = head.position();
        if (!head.hasRemaining()) {
            drop();
        }
        return satisfied;
    }

    /** Gives the oldest buffer back. */
    private void drop() {
        BufferGroup group = groups[first];
        assert group != null : "the queue has an entry";
        group.giveBackLent(bufferIds[first]);
        groups[first] = null;
        first = (first + 1) % CREDIT;
        count--;
    }

    /** Nobody will ask for them: the buffers go back. */
    void discard() {
        while (count > 0) {
            drop();
        }
        excess = null;
        carry = null;
    }

    /** The same, but the buffers are gone with the ring that they were of. */
    void forget() {
        Arrays.fill(groups, null);
        count = 0;
        discard();
    }
}
