package io.proactor.engine.uring;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers where the last buffer lies, because to ask for it makes garbage, and most connections
 * use the same buffer again and again. It does not keep the buffer alive.
 *
 * <p>Threads: the loop's.
 */
final class AddressMemo {

    private @Nullable WeakReference<ByteBuffer> last;
    private long base;  // the address of the last buffer's first byte; 0 if it has to be copied

    /** As {@link NativeMemory#address}. */
    long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return 0;
        }
        if (last == null || !last.refersTo(buffer)) {
            long address = NativeMemory.address(buffer);
            base = address == 0 ? 0 : address - buffer.position();
            last = new WeakReference<>(buffer);
        }
        return base == 0 ? 0 : base + buffer.position();
    }
}
