package io.proactor.engine.queue;

import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a loop. Other threads leave messages in its volatile fields and signal the loop;
 * everything else is the loop thread's.
 */
final class SelectorStreamHandle extends StreamHandle implements LoopMember, Timed {

    private final SelectorLoop loop;
    private final Membership membership;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen

    // Written by the loop when the connection is made; read by any thread.
    private volatile @Nullable SocketAddress localAddress;
    private volatile @Nullable SocketAddress remoteAddress;
    private volatile @Nullable SocketChannel channel;

    // The loop's.
    private final ConnectSide connects = new ConnectSide(this);
    private final ReadSide reads = new ReadSide(this);
    private final WriteSide writes = new WriteSide(this);
    private @Nullable SelectionKey key;
    private int interestOps;  // what the key's interest is set to
    private boolean closed;   // true exactly when the channel was closed for good

    /** For a connection that is yet to be made. */
    SelectorStreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            SelectorLoop loop) {
        super(context, sequence);
        this.loop = loop;
        membership = new Membership(loop, this);
    }

    /** For a connection that was accepted. The channel is in non-blocking mode. */
    SelectorStreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            SelectorLoop loop, SocketChannel accepted) throws IOException {
        this(context, sequence, loop);
        localAddress = accepted.getLocalAddress();
        remoteAddress = accepted.getRemoteAddress();
        channel = accepted;
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** Once, for an accepted connection: the loop is to know it even if nothing is initiated. */
    void start() {
        tellLoop();
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        switch (operation.kind()) {
            case READ -> { }  // the loop finds it, since there is only one
            case WRITE -> writes.offer((WriteOperation) operation);
            case CONNECT -> connects.offer((ConnectOperation) operation);
            case ACCEPT, TIMER, POST -> throw new AssertionError(operation);
        }
        tellLoop();
    }

    /**
     * On the loop's own thread, acts at once: no hop, no wake-up. Nothing of this handle is under
     * way then: handlers run outside of everything else, and the wheel and the processor's listener
     * are called where nothing is half done.
     */
    private void tellLoop() {
        if (loop.isCurrent()) {
            onCommand();
        } else {
            membership.signal();
        }
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        abortRequested = true;
        tellLoop();
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            tellLoop();
        }
    }

    @Override
    public boolean isOpen() {
        return !closeRequested;
    }

    @Override
    public void shutdownOutput() {
        writes.requestShutdown();
        membership.signal();
    }

    @Override
    protected WriteOperation borrowWrite() {
        return loop.writes().borrow(this);
    }

    @Override
    protected void returnWrite(WriteOperation operation) {
        loop.writes().giveBack(operation);
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return loop.dispatcher();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        connectedChannel().setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return connectedChannel().getOption(option);
    }

    private SocketChannel connectedChannel() throws IOException {
        SocketChannel connected = channel;
        if (closeRequested) {
            throw new ClosedChannelException();
        }
        if (connected == null || remoteAddress == null) {
            throw new IOException("The socket is not connected.", new NotYetConnectedException());
        }
        return connected;
    }

    // ---- The loop -----------------------------------------------------------------------------

    /** Takes the handle into the loop, with its channel if it has one. */
    private void attach() throws IOException {
        loop.attach(membership);
        if (channel != null) {
            onNewSelector();
        }
    }

    @Override
    public void onCommand() {
        assert loop.isCurrent();
        if (closed || closeRequested || loop.aborting()) {
            end(loop.aborting() ? AbortReason.SHUTDOWN : AbortReason.CLOSED, null);
            return;
        }
        boolean aborts = abortRequested;
        if (aborts) {
            abortRequested = false;
        }
        try {
            if (membership.index == Membership.NONE) {
                attach();
            }
            connects.advance();
            reads.advance();
            writes.advance(aborts);
        } catch (IOException e) {
            onFailure(e);  // the channel could not be registered
        }
    }

    @Override
    public void onReady(int readyOps) {
        if ((readyOps & SelectionKey.OP_CONNECT) != 0) {
            connects.onConnectable();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            reads.onReadable();
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && !closed) {
            writes.onWritable();
        }
    }

    @Override
    public void onDrain() {
        reads.advance();
    }

    @Override
    public void onNewSelector() throws IOException {
        SocketChannel registered = channel;
        if (registered != null) {
            key = loop.register(registered, this);
            key.interestOps(interestOps);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        closeRequested = true;
        end(AbortReason.CLOSED, cause);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        assert operation != null;
        operation.abort(id, AbortReason.TIMED_OUT);
    }

    /** Ends everything that is pending and, the first time, closes the channel. */
    private void end(AbortReason reason, @Nullable Throwable cause) {
        boolean first = !closed;
        closed = true;
        closeRequested = true;
        reads.end(reason, cause);
        writes.end(reason, cause);
        connects.end(reason, cause);
        if (first) {
            closeChannel();
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    /** Gives up the channel; a connect may bring another one. */
    void closeChannel() {
        SocketChannel open = channel;
        channel = null;
        key = null;
        interestOps = 0;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The descriptor is gone all the same (close(2), "Dealing with error returns").
                context().listener().processorFailed(e);
            }
        }
    }

    // ---- For the three sides ------------------------------------------------------------------

    /** A connect has made a channel; it is registered, and not connected yet. */
    void open(SocketChannel opened) throws IOException {
        channel = opened;  // first, so that it is closed whatever fails next
        opened.configureBlocking(false);
        onNewSelector();
    }

    /** The connection is made. */
    void connected() throws IOException {
        localAddress = channel().getLocalAddress();
        remoteAddress = channel().getRemoteAddress();
    }

    void finish(AsynchronousOperation operation, @Nullable Throwable cause) {
        complete(operation, cause);
    }

    SelectorLoop loop() {
        return loop;
    }

    SocketChannel channel() {
        SocketChannel open = channel;
        assert open != null : "neither side performs before the connection is made";
        return open;
    }

    boolean connectionMade() {
        return remoteAddress != null;
    }

    ReadSide reads() {
        return reads;
    }

    WriteSide writes() {
        return writes;
    }

    void arm(AsynchronousOperation operation) {
        long timeoutNanos = operation.timeoutNanos();
        if (timeoutNanos > 0) {
            long now = System.nanoTime();
            operation.arm(loop.deadlines().arm(this, operation, now + timeoutNanos));
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
