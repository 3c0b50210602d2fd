package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * What a handle has of the system: a socket with its addresses, and perhaps another one that was
 * opened ahead. The loop, or whoever accepts while the handle rests, opens and closes; any thread
 * may ask for options, or move bytes without waiting, which is why those calls and close exclude
 * each other: a number that was closed may be somebody else's at once.
 */
final class SocketDescriptor {

    /** No socket. */
    static final int NONE = -1;

    // Guarded by this; the loop, which alone writes it while the handle does not rest, reads it
    // without.
    private int fd = NONE;
    private int family = NONE;  // likewise

    // The loop's: true exactly if calls on the socket do not wait unless a flag says so.
    private boolean nonBlocking;

    // Guarded by this.
    private int ahead = NONE;  // of the family that connects to anything, or NONE
    private boolean bound;     // true exactly while ahead, or what it became, has an address
    private boolean lingers;   // true exactly while SO_LINGER says how to close

    // Written when the connection is made; read by any thread.
    private volatile @Nullable SocketAddress localAddress;
    private volatile @Nullable SocketAddress remoteAddress;

    // ---- Any thread ---------------------------------------------------------------------------

    @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    /** Null exactly while there never was a connection. */
    @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    synchronized <T> void setOption(SocketOption<T> option, @Nullable T value)
            throws IOException {
        SocketOptions.set(requireConnected(), option, value);
        if (option == StandardSocketOptions.SO_LINGER && value instanceof Integer seconds) {
            lingers = seconds >= 0;
        }
    }

    synchronized <T> T getOption(SocketOption<T> option) throws IOException {
        return SocketOptions.get(requireConnected(), option);
    }

    /** recv(2) of what is there at this moment. Returns as the call; EBADF without a connection. */
    synchronized int receiveNow(CallMemory memory, int bytes) {
        return fd == NONE || remoteAddress == null ? -Errno.EBADF
                : SystemCalls.recv(fd, memory.address(), bytes, SocketFlags.MSG_DONTWAIT,
                        memory.state());
    }

    /** send(2) of what the system takes at this moment. Returns as {@link #receiveNow}. */
    synchronized int sendNow(CallMemory memory, int bytes) {
        return fd == NONE || remoteAddress == null ? -Errno.EBADF
                : SystemCalls.send(fd, memory.address(), bytes,
                        SocketFlags.MSG_DONTWAIT | SocketFlags.MSG_NOSIGNAL, memory.state());
    }

    private int requireConnected() throws IOException {
        if (remoteAddress == null) {
            throw new IOException("The socket is not connected.", new NotYetConnectedException());
        }
        if (fd == NONE) {
            throw new ClosedChannelException();
        }
        return fd;
    }

    synchronized void openAhead() throws SystemCallException {
        if (ahead == NONE) {
            ahead = newSocket(Families.ofAnything(), true);
        }
    }

    /** Opens a socket for the next connect, on which only its initiator sets options. */
    synchronized void prepare() throws SystemCallException {
        if (ahead == NONE) {
            ahead = newSocket(Families.ofAnything(), false);
        }
    }

    /** Binds the prepared socket. */
    synchronized void bindAhead(InetSocketAddress local) throws IOException {
        int prepared = requirePrepared();
        if (bound) {
            throw new AlreadyBoundException();
        }
        int result = SystemCalls.bind(prepared, Families.ofAnything(), local);
        if (result < 0) {
            throw Errors.listen("bind", -result, local);
        }
        bound = true;
    }

    synchronized @Nullable SocketAddress localAddressAhead() throws IOException {
        int prepared = requirePrepared();
        return bound ? SystemCalls.localAddress(prepared) : null;
    }

    synchronized <T> void setOptionAhead(SocketOption<T> option, @Nullable T value)
            throws IOException {
        SocketOptions.set(requirePrepared(), option, value);
        if (option == StandardSocketOptions.SO_LINGER && value instanceof Integer seconds) {
            lingers = seconds >= 0;
        }
    }

    synchronized <T> T getOptionAhead(SocketOption<T> option) throws IOException {
        return SocketOptions.get(requirePrepared(), option);
    }

    /** The connect takes the prepared socket; it is the same one then. */
    private int requirePrepared() throws ClosedChannelException {
        int prepared = ahead != NONE ? ahead : fd;
        if (prepared == NONE) {
            throw new ClosedChannelException();
        }
        return prepared;
    }

    synchronized void discardAhead() {
        if (ahead != NONE) {
            SystemCalls.close(ahead);
            ahead = NONE;
        }
    }

    /**
     * Takes an accepted connection, while nobody else has to do with this. If it fails, the
     * descriptor is still the caller's.
     *
     * @param local its address at this end, if that is known; else the system is asked
     */
    synchronized void adopt(int accepted, @Nullable SocketAddress local, SocketAddress remote)
            throws SystemCallException {
        assert fd == NONE;
        localAddress = local != null ? local : SystemCalls.localAddress(accepted);
        remoteAddress = remote;
        fd = accepted;
    }

    // ---- The loop -----------------------------------------------------------------------------

    int fd() {
        assert fd != NONE : "neither side performs before the connection is made";
        return fd;
    }

    /**
     * sendfile(2) of what the system takes at this moment. Returns as the call.
     *
     * <p>The call has no flag for that, so from its first file on the socket does not block. The
     * ring's requests wait all the same: those that are used go by the flags of the message, and
     * never by those of the socket (io_uring/net.c of Linux 6.1, where only a RECVMSG that goes on
     * by itself looks there; seen on 6.18). All calls past the ring say MSG_DONTWAIT anyway.
     */
    int sendFileNow(CallMemory memory, int file, long position, int bytes) {
        if (!nonBlocking) {
            int result = SystemCalls.setNonBlocking(fd());
            if (result < 0) {
                return result;
            }
            nonBlocking = true;
        }
        return SystemCalls.sendFile(fd(), file, position, bytes, memory.state());
    }

    boolean isOpen() {
        return fd != NONE;
    }

    int family() {
        return family;
    }

    /** Opens a socket for a connection to be made, or takes the one that was opened ahead. */
    synchronized void open(InetSocketAddress remote) throws SystemCallException {
        assert fd == NONE;
        if (ahead != NONE) {
            fd = ahead;
            family = Families.ofAnything();
            ahead = NONE;
        } else {
            family = Families.of(remote);
            fd = newSocket(family, true);
            lingers = false;
        }
    }

    private static int newSocket(int family, boolean noDelay) throws SystemCallException {
        int fd = SystemCalls.streamSocket(family);
        if (fd < 0) {
            throw new SystemCallException("socket", -fd);
        }
        int result = noDelay ? SystemCalls.setOption(fd, SocketFlags.IPPROTO_TCP,
                SocketFlags.TCP_NODELAY, 1) : 0;
        if (result == 0 && family == SocketFlags.AF_INET6) {
            result = SystemCalls.setOption(fd, SocketFlags.IPPROTO_IPV6, SocketFlags.IPV6_V6ONLY,
                    0);
        }
        if (result < 0) {
            SystemCalls.close(fd);
            throw new SystemCallException("setsockopt", -result);
        }
        return fd;
    }

    /** The connection is made. */
    void connected() throws SystemCallException {
        localAddress = SystemCalls.localAddress(fd);
        remoteAddress = SystemCalls.remoteAddress(fd);
    }

    void shutdownOutput() {
        // An error says that the connection is gone already, which reads and writes tell.
        SystemCalls.shutdown(fd, SocketFlags.SHUT_WR);
    }

    /**
     * Ends what is in flight, and lets the peer know, unless the way of closing was chosen by
     * SO_LINGER.
     */
    synchronized void shutdown() {
        if (!lingers) {
            SystemCalls.shutdown(fd, SocketFlags.SHUT_RDWR);
        }
    }

    /** Gives the socket up, with nothing in flight; the addresses stay. */
    void close() {
        int released = release();
        if (released != NONE) {
            SystemCalls.close(released);
        }
    }

    /** As {@link #close}, at the latest in this turn of the loop. */
    void close(UringLoop loop) {
        int released = release();
        if (released != NONE) {
            loop.closeSocket(released);
        }
    }

    private synchronized int release() {
        int released = fd;
        fd = NONE;
        nonBlocking = false;
        lingers = false;
        return released;
    }

    /** After {@link #close}: there was no connection. */
    synchronized void forget() {
        localAddress = null;
        remoteAddress = null;
        bound = false;
    }
}
