package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Slab;
import java.nio.ByteBuffer;

/** A piece of memory of our own for what cannot go out from where it is. The loop's thread. */
final class TransferSlab {

    /** What TCP takes at once comfortably; a copy of it costs 2 µs. */
    static final int BYTES = 65_536;

    private final Slab memory;
    private final ByteBuffer bytes;

    TransferSlab(Slab memory) {
        this.memory = memory;
        bytes = memory.buffer(0, BYTES);
    }

    /** Returns all of it as a buffer; the position is the holder's to set. */
    ByteBuffer bytes() {
        return bytes;
    }

    long address() {
        return memory.address();
    }

    void free() {
        memory.close();
    }
}
