package io.proactor.engine.uring.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Memory of our own for the kernel to work on: mapped, zeroed, page-aligned, outside of the heap
 * and of {@code -XX:MaxDirectMemorySize}.
 *
 * <p>Safety: nothing checks an access after {@link #close}; it may come only when no submission and
 * no view of this memory is left.
 */
public final class Slab implements AutoCloseable {

    static final int PROT_READ_WRITE = 1 | 2;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_POPULATE = 0x8000;

    private final MemorySegment memory;

    // True once close has begun. The thread that owns the slab.
    private boolean closed;

    private Slab(MemorySegment memory) {
        this.memory = memory;
    }

    /**
     * Returns so many bytes, of which the system provides a page when it is first touched.
     *
     * @throws SystemCallException ENOMEM
     */
    public static Slab map(long bytes) throws SystemCallException {
        return map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }

    @SuppressWarnings("restricted")
    static Slab map(long bytes, int flags, int fd, long offset) throws SystemCallException {
        long address;
        int error = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            address = (long) Libc.MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, flags, fd,
                    offset);
            if (address == -1) {
                error = Libc.errno(state);
            }
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        if (error != 0) {
            throw new SystemCallException("mmap", error);
        }
        return new Slab(MemorySegment.ofAddress(address).reinterpret(bytes));
    }

    /** Returns the address of the first byte. */
    public long address() {
        return memory.address();
    }

    /** Returns how many bytes there are. */
    public long bytes() {
        return memory.byteSize();
    }

    /** Returns all of it. The scope of the segment is the global one: it is never checked. */
    public MemorySegment memory() {
        return memory;
    }

    /** Returns a part of it as a buffer. */
    public ByteBuffer buffer(long offset, int bytes) {
        return memory.asSlice(offset, bytes).asByteBuffer();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            int result = (int) Libc.MUNMAP.invokeExact(state, address(), bytes());
            assert result == 0 : Errno.describe(Libc.errno(state));
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }
}
