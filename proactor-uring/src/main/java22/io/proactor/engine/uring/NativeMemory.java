package io.proactor.engine.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Set;

/** Which buffers the kernel may be given as they are, and where they lie. */
final class NativeMemory {

    /**
     * How the memory lives that nobody can free while there is a reference to it: direct buffers,
     * and the arenas that are not closed. There is no way to ask a scope for that but by its class.
     */
    private static final Set<Class<?>> KEPT_ALIVE = Set.of(
            scopeOf(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1))),
            scopeOf(Arena.ofAuto().allocate(2)));

    private NativeMemory() {}

    /**
     * Returns where the buffer's position lies; 0 if its bytes have to be copied: they are on the
     * heap, or in an arena that may be closed while the kernel is at work.
     *
     * <p>Safety: the address holds as long as the buffer is referred to.
     */
    static long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return 0;
        }
        MemorySegment segment = MemorySegment.ofBuffer(buffer);
        Class<?> scope = segment.scope().getClass();
        return KEPT_ALIVE.contains(scope) || scope == Arena.global().scope().getClass()
                ? segment.address() : 0;
    }

    private static Class<?> scopeOf(MemorySegment segment) {
        return segment.scope().getClass();
    }
}
