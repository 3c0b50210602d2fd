package io.proactor.engine.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which buffers the kernel may be given as they are, and where they lie. */
final class NativeMemory {

    /**
     * How the memory lives that nobody can free while there is a reference to it: direct buffers,
     * and the arenas that are not closed. There is no way to ask a scope for that but by its class.
     */
    private static final Set<Class<?>> KEPT_ALIVE = new HashSet<>(List.of(
            scopeOf(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1))),
            scopeOf(Arena.ofAuto().allocate(1)),
            Arena.global().scope().getClass()));

    private NativeMemory() {}

    /**
     * Returns where the buffer's position lies; 0 if its bytes have to be copied: they are on the
     * heap, or in an arena that may be closed while the kernel is at work.
     *
     * <p>Safety: the address holds as long as the buffer is referred to.
     *
     * @throws IllegalStateException if this thread cannot copy them either: the arena is closed, or
     *     confined to another thread
     */
    static long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            return 0;
        }
        MemorySegment segment = MemorySegment.ofBuffer(buffer);
        MemorySegment.Scope scope = segment.scope();
        if (KEPT_ALIVE.contains(scope.getClass())) {
            return segment.address();
        }
        if (!scope.isAlive()) {
            throw new IllegalStateException("The buffer's arena is closed.");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new IllegalStateException("The buffer is confined to another thread.");
        }
        return 0;
    }

    private static Class<?> scopeOf(MemorySegment segment) {
        return segment.scope().getClass();
    }
}
