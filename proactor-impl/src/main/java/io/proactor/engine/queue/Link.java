package io.proactor.engine.queue;

import io.proactor.spi.ProcessorListener;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a handle has of the system: a channel with its key and its addresses, and perhaps another
 * one that was opened ahead. Methods belong to the loop's thread unless they say so.
 */
final class Link {

    private static final VarHandle AHEAD;

    static {
        try {
            AHEAD = MethodHandles.lookup()
                    .findVarHandle(Link.class, "ahead", SocketChannel.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SelectorLoop loop;
    private final LoopMember member;
    private final ProcessorListener listener;

    // Opened for the next connect. Any thread: CAS.
    private volatile @Nullable SocketChannel ahead;

    // See prepared(). Written before the connect that it is meant for is initiated.
    private volatile boolean prepared;

    // Written when the connection is made, by the loop or, while nothing is pending, by the one who
    // accepted it; read by any thread.
    private volatile @Nullable SocketAddress localAddress;
    private volatile @Nullable SocketAddress remoteAddress;
    private volatile @Nullable SocketChannel channel;

    private @Nullable SelectionKey key;
    private int interestOps;  // what the key's interest is set to

    Link(SelectorLoop loop, LoopMember member, ProcessorListener listener) {
        this.loop = loop;
        this.member = member;
        this.listener = listener;
    }

    // ---- Any thread ---------------------------------------------------------------------------

    @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    /** Null exactly while not connected. */
    @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** Null while there is none; not null does not mean connected. */
    @Nullable SocketChannel channelOrNull() {
        return channel;
    }

    /** Takes an accepted connection, in non-blocking mode, while nobody else has to do with it. */
    void adopt(SocketChannel accepted) throws IOException {
        assert channel == null;
        SocketAddress local = accepted.getLocalAddress();
        SocketAddress remote = accepted.getRemoteAddress();
        localAddress = local;
        remoteAddress = remote;
        channel = accepted;
    }

    void openAhead() throws IOException {
        if (ahead == null) {
            SocketChannel opened = SocketChannel.open();
            if (!AHEAD.compareAndSet(this, null, opened)) {
                opened.close();
            }
        }
    }

    /** Opens a channel for the next connect, on which only its initiator sets options. */
    PreparedChannel prepare() throws IOException {
        openAhead();
        prepared = true;
        SocketChannel opened = ahead;
        if (opened == null) {
            throw new ClosedChannelException();  // the handle is closed, or connects already
        }
        return new PreparedChannel(opened);
    }

    /** True exactly if the options of the channel that is being connected are the initiator's. */
    boolean prepared() {
        return prepared;
    }

    void discardAhead() {
        discard(takeAhead());
    }

    private @Nullable SocketChannel takeAhead() {
        return (SocketChannel) AHEAD.getAndSet(this, null);
    }

    // ---- The loop -----------------------------------------------------------------------------

    SocketChannel channel() {
        SocketChannel open = channel;
        assert open != null : "neither side performs before the connection is made";
        return open;
    }

    /** Makes a channel, or takes the one that was made ahead, and registers it. */
    SocketChannel open() throws IOException {
        SocketChannel made = takeAhead();
        SocketChannel opened = made != null ? made : SocketChannel.open();
        channel = opened;  // first, so that it is closed whatever fails next
        opened.configureBlocking(false);
        register();
        return opened;
    }

    /** The connection is made. */
    void connected() throws IOException {
        localAddress = channel().getLocalAddress();
        remoteAddress = channel().getRemoteAddress();
    }

    /**
     * Registers a channel that was adopted. A message for the connection before may have had the
     * loop look at the handle in between, so that being a member does not mean being registered.
     */
    void registerIfNew() throws IOException {
        if (key == null) {
            register();
        }
    }

    /** Registers the channel, if there is one, with the loop's selector. */
    void register() throws IOException {
        SocketChannel open = channel;
        if (open != null) {
            key = loop.register(open, member);
            key.interestOps(interestOps);
        }
    }

    /** Gives up the channel; the addresses stay those of the connection that was. */
    void close() {
        SocketChannel open = channel;
        channel = null;
        key = null;
        interestOps = 0;
        prepared = false;
        discard(open);
    }

    /** After {@link #close}: there was no connection. */
    void forget() {
        localAddress = null;
        remoteAddress = null;
    }

    private void discard(@Nullable SocketChannel open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The descriptor is gone all the same (close(2), "Dealing with error returns").
                listener.processorFailed(e);
            }
        }
    }

    /** Asks the selector for readiness; no system call until the next select. */
    void want(int ops) {
        if ((interestOps & ops) != ops && key != null) {
            interestOps |= ops;
            key.interestOps(interestOps);
        }
    }

    void unwant(int ops) {
        if ((interestOps & ops) != 0 && key != null) {
            interestOps &= ~ops;
            key.interestOps(interestOps);
        }
    }
}
