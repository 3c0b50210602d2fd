package io.proactor.engine.uring.ffm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;

/**
 * System calls beside the ring: opening, naming and closing. Any thread. They are rare, so each
 * takes its few bytes of memory for itself; what a loop does for each operation goes through its
 * {@link Ring}. Results are those of the call, errors negative.
 */
public final class SystemCalls {

    private static final int EFD_CLOEXEC = 0x8_0000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int O_NONBLOCK = 0x800;
    private static final int SEEK_END = 2;
    private static final long FIONBIO = 0x5421;  // asm-generic/ioctls.h: x86-64 and aarch64

    /** Eight bytes where counts of signals go. Loops write there at once, and nobody reads. */
    private static final long SIGNALS =
            Arena.global().allocate(ValueLayout.JAVA_LONG).address();

    private SystemCalls() {}

    /** Returns a stream socket, close-on-exec, or an error. */
    public static int streamSocket(int family) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            return result((int) Libc.SOCKET.invokeExact(state, family,
                    SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC, 0), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns 0 or an error. */
    public static int bind(int fd, int family, InetSocketAddress local) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment address = arena.allocate(SocketAddresses.BYTES_MAX, Long.BYTES);
            int bytes = SocketAddresses.encode(local, family, address, 0);
            return result((int) Libc.BIND.invokeExact(state, fd, address.address(), bytes), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns 0 or an error. */
    public static int listen(int fd, int backlog) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            return result((int) Libc.LISTEN.invokeExact(state, fd, backlog), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns 0 or an error, ENOTCONN if there was no connection. Ends what is in flight, too. */
    public static int shutdown(int fd, int how) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            return result((int) Libc.SHUTDOWN.invokeExact(state, fd, how), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /**
     * Returns 0 or an error; the descriptor is gone in either case, close(2).
     *
     * <p>Safety: what is in flight on it keeps the file, so end that first.
     */
    public static int close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            return result((int) Libc.CLOSE.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns the address that a socket is bound to. */
    public static InetSocketAddress localAddress(int fd) throws SystemCallException {
        return address("getsockname", fd);
    }

    /** Returns the address that a socket is connected to. */
    public static InetSocketAddress remoteAddress(int fd) throws SystemCallException {
        return address("getpeername", fd);
    }

    private static InetSocketAddress address(String call, int fd) throws SystemCallException {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment address = arena.allocate(SocketAddresses.BYTES_MAX, Long.BYTES);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT,
                    SocketAddresses.BYTES_MAX);
            int result = call.equals("getpeername")
                    ? (int) Libc.GETPEERNAME.invokeExact(state, fd, address.address(),
                            length.address())
                    : (int) Libc.GETSOCKNAME.invokeExact(state, fd, address.address(),
                            length.address());
            if (result == 0) {
                return SocketAddresses.decode(address, 0);
            }
            error = Libc.errno(state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        throw new SystemCallException(call, error);
    }

    /** Returns 0 or an error. Of an option whose value is one int. */
    public static int setOption(int fd, int level, int name, int value) {
        return setOption(fd, level, name, new int[] {value});
    }

    /** Returns 0 or an error. {@code seconds} below 0 switches it off. */
    public static int setLinger(int fd, int seconds) {
        return setOption(fd, SocketFlags.SOL_SOCKET, SocketFlags.SO_LINGER,
                new int[] {seconds < 0 ? 0 : 1, Math.max(seconds, 0)});
    }

    private static int setOption(int fd, int level, int name, int[] value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            return result((int) Libc.SETSOCKOPT.invokeExact(state, fd, level, name,
                    memory.address(), (int) memory.byteSize()), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns the value of an option whose value is one int. */
    public static int option(int fd, int level, int name) throws SystemCallException {
        return options(fd, level, name, 1)[0];
    }

    /** Returns the seconds, or -1 if it is off. */
    public static int linger(int fd) throws SystemCallException {
        int[] value = options(fd, SocketFlags.SOL_SOCKET, SocketFlags.SO_LINGER, 2);
        return value[0] == 0 ? -1 : value[1];
    }

    private static int[] options(int fd, int level, int name, int ints)
            throws SystemCallException {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT, ints);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, ints * Integer.BYTES);
            int result = (int) Libc.GETSOCKOPT.invokeExact(state, fd, level, name, value.address(),
                    length.address());
            if (result == 0) {
                return value.toArray(ValueLayout.JAVA_INT);
            }
            error = Libc.errno(state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        throw new SystemCallException("getsockopt", error);
    }

    /** Returns a descriptor by which threads wake a loop, or an error. It never blocks. */
    public static int eventDescriptor() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            return result((int) Libc.EVENTFD.invokeExact(state, 0, EFD_CLOEXEC | EFD_NONBLOCK),
                    state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Makes the event descriptor readable. Allocates nothing. */
    public static void signal(int eventDescriptor) {
        try {
            int result = (int) Libc.EVENTFD_WRITE.invokeExact(eventDescriptor, 1L);
            assert result == 0 : "the descriptor is closed, or was signalled 2^64 - 2 times";
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Makes the event descriptor unreadable again, if it is readable. Allocates nothing. */
    public static void clearSignals(int eventDescriptor) {
        try {
            int result = (int) Libc.EVENTFD_READ.invokeExact(eventDescriptor, SIGNALS);
            assert result == 0 || result == -1 : "-1 says that it was not readable";
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns bytes, 0 at end of stream, or an error; with MSG_DONTWAIT also EAGAIN. */
    public static long recv(int fd, long address, long length, int msgFlags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            long result = (long) Libc.RECV.invokeExact(state, fd, address, length, msgFlags);
            return result < 0 ? -Libc.errno(state) : result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns bytes or an error; with MSG_DONTWAIT also EAGAIN. */
    public static long send(int fd, long address, long length, int msgFlags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            long result = (long) Libc.SEND.invokeExact(state, fd, address, length, msgFlags);
            return result < 0 ? -Libc.errno(state) : result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Memory for what calls leave, for those who make many. One call at a time. */
    public static final class CallState {

        // The errno, and behind it a position in a file.
        private static final int POSITION =
                (int) Libc.CALL_STATE.byteSize() + Long.BYTES - 1 & -Long.BYTES;

        /** How much memory it takes. */
        public static final int BYTES = POSITION + Long.BYTES;

        private final MemorySegment memory;

        /** Takes its memory from a slab, aligned to a word, which must outlive it. */
        public CallState(Slab slab, int offset) {
            assert offset % Long.BYTES == 0;
            memory = slab.memory().asSlice(offset, BYTES);
        }
    }

    /** As the other one. Allocates nothing. */
    public static int recv(int fd, long address, int length, int msgFlags, CallState state) {
        try {
            long result = (long) Libc.RECV.invokeExact(state.memory, fd, address, (long) length,
                    msgFlags);
            return result < 0 ? -Libc.errno(state.memory) : (int) result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** As the other one. Allocates nothing. */
    public static int send(int fd, long address, int length, int msgFlags, CallState state) {
        try {
            long result = (long) Libc.SEND.invokeExact(state.memory, fd, address, (long) length,
                    msgFlags);
            return result < 0 ? -Libc.errno(state.memory) : (int) result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /**
     * sendfile(2). Returns bytes; 0 if the file ends at the position or before it; or an error,
     * EAGAIN if there is no room and the socket does not block. Allocates nothing.
     *
     * <p>There is no MSG_NOSIGNAL here; but the JVM ignores SIGPIPE, since its own channels make
     * this call too.
     */
    public static int sendFile(int socket, int file, long position, int count, CallState state) {
        try {
            MemorySegment memory = state.memory;
            memory.set(ValueLayout.JAVA_LONG, CallState.POSITION, position);
            long result = (long) Libc.SENDFILE.invokeExact(memory, socket, file,
                    memory.address() + CallState.POSITION, (long) count);
            return result < 0 ? -Libc.errno(memory) : (int) result;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns 0 or an error: calls on this socket do not wait from now on. */
    public static int setNonBlocking(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            return result((int) Libc.IOCTL.invokeExact(state, socket, FIONBIO, on.address()),
                    state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns the end to read from and the end to write to, both close-on-exec. */
    public static int[] pipe() throws SystemCallException {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            int result = (int) Libc.PIPE2.invokeExact(state, ends.address(), O_CLOEXEC);
            if (result == 0) {
                return ends.toArray(ValueLayout.JAVA_INT);
            }
            error = Libc.errno(state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
        throw new SystemCallException("pipe2", error);
    }

    /** Returns a descriptor, close-on-exec, that reads the file of this name, or an error. */
    public static int openToRead(byte[] name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            MemorySegment path = arena.allocate(name.length + 1L);  // ends with a zero
            MemorySegment.copy(name, 0, path, ValueLayout.JAVA_BYTE, 0, name.length);
            return result((int) Libc.OPEN.invokeExact(state, path.address(),
                    O_CLOEXEC | O_NONBLOCK, 0), state);
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** Returns how many bytes a file has, or an error. Its position is not where it was. */
    public static long fileBytes(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            long bytes = (long) Libc.LSEEK.invokeExact(state, fd, 0L, SEEK_END);
            return bytes < 0 ? -Libc.errno(state) : bytes;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    /** pread(2). Returns bytes, 0 at the end of the file, or an error. */
    public static int read(int file, long address, int length, long position) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.CALL_STATE);
            long bytes = (long) Libc.PREAD.invokeExact(state, file, address, (long) length,
                    position);
            return bytes < 0 ? -Libc.errno(state) : (int) bytes;
        } catch (Throwable t) {
            throw Libc.unexpected(t);
        }
    }

    private static int result(int returned, MemorySegment state) {
        return returned < 0 ? -Libc.errno(state) : returned;
    }
}
