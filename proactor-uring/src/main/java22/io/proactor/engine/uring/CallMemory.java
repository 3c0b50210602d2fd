package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.nio.ByteBuffer;

/**
 * What one recv(2) or send(2) on an initiator's thread needs: room for its bytes, and for its
 * errno. The thread that has taken it from {@link CallMemories} owns it.
 */
final class CallMemory {

    /** Bytes of one call: what TCP takes at once comfortably. */
    static final int BYTES = 65_536;

    private final Slab slab;
    private final ByteBuffer bytes;
    private final SystemCalls.CallState state;

    CallMemory() throws SystemCallException {
        slab = Slab.map(BYTES + SystemCalls.CallState.BYTES);
        bytes = slab.buffer(0, BYTES);
        state = new SystemCalls.CallState(slab, BYTES);
    }

    /** Copies so many bytes of the source, which stays as it is. */
    void put(int index, ByteBuffer source, int count) {
        bytes.clear().put(index, source, source.position(), count);
    }

    /** Returns the first bytes. The same object each time. */
    ByteBuffer first(int count) {
        return bytes.clear().limit(count);
    }

    long address() {
        return slab.address();
    }

    SystemCalls.CallState state() {
        return state;
    }

    void free() {
        slab.close();
    }
}
