package io.proactor.engine.queue;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.DisconnectOperation;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.PreparedSocket;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
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
    private final Link link;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen

    // From submit to completion. Any thread sets it, when there is none.
    private volatile @Nullable DisconnectOperation disconnecting;

    // The loop's.
    private final ConnectSide connects = new ConnectSide(this);
    private final ReadSide reads = new ReadSide(this);
    private final WriteSide writes = new WriteSide(this);
    private boolean closed;   // true exactly when the channel was closed for good

    /** For a connection that is yet to be made. */
    SelectorStreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            SelectorLoop loop) {
        super(context, sequence);
        this.loop = loop;
        membership = new Membership(loop, this);
        link = new Link(loop, this, context.listener());
    }

    /** For a connection that was accepted. The channel is in non-blocking mode. */
    SelectorStreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            SelectorLoop loop, SocketChannel accepted) throws IOException {
        this(context, sequence, loop);
        link.adopt(accepted);
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /**
     * Puts an accepted connection, in non-blocking mode, into this handle: a new one, or one that
     * rests, so that nobody else has to do with it.
     */
    void adopt(SocketChannel accepted) throws IOException {
        link.adopt(accepted);
    }

    /** For an accepted connection: the loop is to know it even if nothing is initiated. */
    void start() {
        tellLoop();
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        switch (operation.kind()) {
            case READ, RECEIVE, WAIT_READABLE -> {  // the loop finds it, since there is only one
                if (reads.willFind((ReadOperation) operation)) {
                    return;
                }
            }
            case WRITE, SEND_FILE -> writes.offer((WriteOperation) operation);
            case CONNECT -> connects.offer((ConnectOperation) operation);
            case DISCONNECT -> disconnecting = (DisconnectOperation) operation;
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
            loop.look(this);
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
            link.discardAhead();  // at once: no loop knows of it, and its address is to be free
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
    public void openAhead() throws IOException {
        link.openAhead();
        if (closeRequested) {
            link.discardAhead();  // the loop may have looked before it was there
        }
    }

    @Override
    public PreparedSocket prepare() throws IOException {
        PreparedSocket opened = link.prepare();
        if (closeRequested) {
            link.discardAhead();  // as above
        }
        return opened;
    }

    @Override
    public int tryRead(ByteBuffer target) throws IOException {
        return reads.likelyEmpty() ? 0 : Attempt.read(loop.calls(), link.channelOrNull(), target);
    }

    @Override
    public int tryWrite(ByteBuffer source) throws IOException {
        return Attempt.write(loop.calls(), link.channelOrNull(), source);
    }

    @Override
    public long tryWrite(ByteBuffer[] sources, int offset, int length) throws IOException {
        return Attempt.write(loop.calls(), link.channelOrNull(), sources, offset, length);
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
        return link.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return link.remoteAddress();
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
        SocketChannel connected = link.channelOrNull();
        if (closeRequested) {
            throw new ClosedChannelException();
        }
        if (connected == null || link.remoteAddress() == null) {
            throw new IOException("The socket is not connected.", new NotYetConnectedException());
        }
        return connected;
    }

    // ---- The loop -----------------------------------------------------------------------------

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
                loop.attach(membership);
            }
            link.registerIfNew();
            connects.advance();
            reads.advance();
            writes.advance(aborts);
            takeConnection();
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
        link.register();
    }

    @Override
    public void onFailure(Throwable cause) {
        closeRequested = true;
        end(AbortReason.CLOSED, cause);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (operation == null) {
            reads.onDeadline();
        } else {
            operation.abort(id, AbortReason.TIMED_OUT);
        }
    }

    /**
     * Tells the loop to look at this handle once more: in a later turn even on the loop's own
     * thread, where something may be half done. Any thread.
     */
    void lookAgain() {
        membership.signal();
    }

    /** Takes the connection away, if that was asked for; the handle is then as a new one. */
    private void takeConnection() {
        DisconnectOperation operation = disconnecting;
        if (operation == null) {
            return;
        }
        disconnecting = null;
        reads.end(AbortReason.CLOSED, null);
        writes.end(AbortReason.CLOSED, null);
        connects.end(AbortReason.CLOSED, null);
        link.close();
        loop.detach(membership);
        reads.reset();
        writes.reset();
        link.forget();
        complete(operation, null);
    }

    /** Ends everything that is pending and closes the channel. */
    private void end(AbortReason reason, @Nullable Throwable cause) {
        boolean first = !closed;
        closed = true;
        closeRequested = true;
        reads.end(reason, cause);
        writes.end(reason, cause);
        connects.end(reason, cause);
        DisconnectOperation disconnect = disconnecting;
        if (disconnect != null) {
            disconnecting = null;
            complete(disconnect, cause != null ? cause : Failures.aborted(reason, 0));
        }
        link.close();  // each time: an acceptor may have put a connection into it meanwhile
        if (first) {
            link.discardAhead();
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    // ---- For the three sides ------------------------------------------------------------------

    void finish(AsynchronousOperation operation, @Nullable Throwable cause) {
        complete(operation, cause);
    }

    SelectorLoop loop() {
        return loop;
    }

    Link link() {
        return link;
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
}
