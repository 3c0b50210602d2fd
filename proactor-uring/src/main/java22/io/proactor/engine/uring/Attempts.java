package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Non-blocking calls on an initiator's thread, before anything is initiated: recv(2) and send(2)
 * with MSG_DONTWAIT, past the ring. Nothing overtakes anything, since the caller sees to it that
 * the kernel has nothing in flight in the same direction.
 *
 * <p>The descriptor is held while a call is made, so that it is not closed meanwhile and its number
 * another's. All bytes go by way of memory of our own: to ask where a buffer lies makes garbage,
 * and an arena could be closed during the call. What does not fit there is for the processor, or
 * the next attempt.
 */
final class Attempts {

    /** Calls per write: about a megabyte, which is what a socket buffer takes. */
    private static final int CALLS_MAX = 16;

    /** What a receive brings at least that was cut to the size of a buffer of the kernel's. */
    private static final int CUT_BYTES = 8_192;

    private final SocketDescriptor descriptor;
    private final CallMemories memories;

    // True if a call would find nothing, as far as is known, or overtake bytes that are on this
    // side already: then a read goes to the ring at once. The one who has claimed the read reads
    // and writes it, and the loop before it completes one: the state of the read publishes it.
    private boolean likelyEmpty;

    Attempts(SocketDescriptor descriptor, CallMemories memories) {
        this.descriptor = descriptor;
        this.memories = memories;
    }

    /** The loop, before it completes a read, which brought so many bytes. */
    void readEnds(int bytes, boolean full, boolean holdsBytes) {
        likelyEmpty = holdsBytes || !full && bytes < CUT_BYTES;
    }

    /** One call: what a second one might say could not be told along with the bytes. */
    int read(ByteBuffer target) throws IOException {
        CallMemory memory = likelyEmpty ? null : take();
        if (memory == null) {
            return 0;
        }
        try {
            int asked = Math.min(target.remaining(), CallMemory.BYTES);
            int count = descriptor.receiveNow(memory, asked);
            likelyEmpty = count > 0 && count < asked || count == -Errno.EAGAIN;
            if (count > 0) {
                target.put(memory.first(count));
                return count;
            }
            return count == 0 ? -1 : nothing("recv", -count);
        } finally {
            memories.giveBack(memory);
        }
    }

    int write(ByteBuffer source) throws IOException {
        CallMemory memory = take();
        if (memory == null) {
            return 0;
        }
        try {
            int sum = 0;
            for (int calls = 0; calls < CALLS_MAX && source.hasRemaining(); calls++) {
                int offered = Math.min(source.remaining(), CallMemory.BYTES);
                memory.put(0, source, offered);
                int count = descriptor.sendNow(memory, offered);
                if (count < 0) {
                    return sum > 0 ? sum : nothing("send", -count);
                }
                source.position(source.position() + count);
                sum += count;
                if (count < offered) {
                    break;
                }
            }
            return sum;
        } finally {
            memories.giveBack(memory);
        }
    }

    /** One call, of what fits into the memory. */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        CallMemory memory = take();
        if (memory == null) {
            return 0;
        }
        try {
            int offered = 0;
            for (int i = offset; i < offset + length && offered < CallMemory.BYTES; i++) {
                ByteBuffer source = sources[i];
                int bytes = Math.min(source.remaining(), CallMemory.BYTES - offered);
                memory.put(offered, source, bytes);
                offered += bytes;
            }
            int count = descriptor.sendNow(memory, offered);
            if (count < 0) {
                return nothing("send", -count);
            }
            int left = count;  // more than there are, if one buffer is among them twice
            for (int i = offset; i < offset + length && left > 0; i++) {
                int bytes = Math.min(sources[i].remaining(), left);
                sources[i].position(sources[i].position() + bytes);
                left -= bytes;
            }
            return count;
        } finally {
            memories.giveBack(memory);
        }
    }

    private @Nullable CallMemory take() {
        try {
            return memories.take();
        } catch (SystemCallException e) {
            return null;  // want of memory: the processor has its own
        }
    }

    /** Returns 0 if the processor is to perform the operation; else throws what the system says. */
    private static int nothing(String call, int errno) throws IOException {
        return switch (errno) {
            // EBADF: closed meanwhile, or not open yet. The operation ends as it should.
            case Errno.EAGAIN, Errno.EINTR, Errno.EBADF -> 0;
            default -> throw Errors.transfer(call, errno, 0);
        };
    }
}
