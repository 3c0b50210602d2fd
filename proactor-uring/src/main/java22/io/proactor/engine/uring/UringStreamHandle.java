package io.proactor.engine.uring;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.engine.uring.ffm.SystemCallException;
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
import org.jspecify.annotations.Nullable;

/**
 * A connection on a loop. Other threads leave messages in its volatile fields and signal the loop;
 * everything else is the loop thread's. A close, and a disconnect, are not done before the kernel
 * has said the last of what is in flight: a socket closed earlier lives on, its number elsewhere.
 */
final class UringStreamHandle extends StreamHandle implements LoopMember, Timed {

    private final UringLoop loop;
    private final Membership membership;
    private final SocketDescriptor descriptor = new SocketDescriptor();
    private final Attempts attempts;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen

    // From submit to completion. Any thread sets it, when there is none.
    private volatile @Nullable DisconnectOperation disconnecting;

    /*
     * The loop's. What the sides are told depends on two facts. In both cases each side ends what
     * the kernel has nothing of at once, and the rest as the completions come; when inFlight is 0
     * the socket is closed.
     *
     * ending     null while the handle is open; else why it closes. For good
     * releasing  true exactly from when a disconnect begins until the connection is gone
     */
    private @Nullable AbortReason ending;
    private @Nullable Throwable failure;  // why it ended, if it was not asked to
    private boolean releasing;
    private boolean closed;               // true exactly when the close is done
    private int inFlight;                 // requests of the three sides
    private final ConnectSide connects = new ConnectSide(this);
    private final ReadSide reads = new ReadSide(this);
    private final WriteSide writes = new WriteSide(this);

    UringStreamHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            UringLoop loop) {
        super(context, sequence);
        this.loop = loop;
        membership = new Membership(loop, this);
        attempts = new Attempts(descriptor, loop.callMemories());
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** As {@link SocketDescriptor#adopt}: this handle is new, or rests. */
    void adopt(int accepted, @Nullable SocketAddress local, SocketAddress remote)
            throws SystemCallException {
        descriptor.adopt(accepted, local, remote);
    }

    /** For an accepted connection: the loop is to know it even if nothing is initiated. */
    void start() {
        tellLoop();
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        switch (operation.kind()) {
            case READ, RECEIVE, WAIT_READABLE -> { }  // the loop finds it, since there is only one
            case WRITE, SEND_FILE -> writes.offer((WriteOperation) operation);
            case CONNECT -> connects.offer((ConnectOperation) operation);
            case DISCONNECT -> disconnecting = (DisconnectOperation) operation;
            case ACCEPT, TIMER, POST -> throw new AssertionError(operation);
        }
        tellLoop();
    }

    /** On the loop's own thread, acts at once: handlers run there when nothing is half done. */
    private void tellLoop() {
        if (loop.isCurrent()) {
            onCommand();
        } else {
            membership.signal();
        }
    }

    /** Has the loop look once more: in a later turn, since something may be half done now. */
    void lookAgain() {
        membership.signal();
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
    public void openAhead() throws IOException {
        descriptor.openAhead();
        discardAheadIfClosed();
    }

    @Override
    public PreparedSocket prepare() throws IOException {
        descriptor.prepare();
        discardAheadIfClosed();
        return new PreparedDescriptor(descriptor);
    }

    private void discardAheadIfClosed() {
        if (closeRequested) {
            descriptor.discardAhead();  // the loop may have looked before it was there
        }
    }

    @Override
    public int tryRead(ByteBuffer target) throws IOException {
        return attempts.read(target);
    }

    @Override
    public int tryWrite(ByteBuffer source) throws IOException {
        return attempts.write(source);
    }

    @Override
    public long tryWrite(ByteBuffer[] sources, int offset, int length) throws IOException {
        return attempts.write(sources, offset, length);
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
        return descriptor.localAddress();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return descriptor.remoteAddress();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        openDescriptor().setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return openDescriptor().getOption(option);
    }

    private SocketDescriptor openDescriptor() throws ClosedChannelException {
        if (closeRequested) {
            throw new ClosedChannelException();
        }
        return descriptor;
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    public void onCommand() {
        assert loop.isCurrent();
        if (ending == null && (closeRequested || loop.aborting())) {
            beginEnd(loop.aborting() ? AbortReason.SHUTDOWN : AbortReason.CLOSED, null);
        }
        if (ending() || beginRelease()) {
            endSides();
            settle();
            return;
        }
        boolean aborts = abortRequested;
        if (aborts) {
            abortRequested = false;
        }
        if (membership.index == Membership.NONE) {
            loop.attach(membership);
        }
        connects.advance();
        reads.advance();
        writes.advance(aborts);
    }

    @Override
    public void onDrain() {
        reads.advance();
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        assert operation != null;
        operation.abort(id, AbortReason.TIMED_OUT);
    }

    @Override
    public void onRingLost(Throwable cause) {
        inFlight = 0;
        reads.forgetRequest();
        writes.forgetRequest();
        connects.forgetRequest();
        onFailure(cause);
    }

    /** Something cannot be done that had to be: the handle closes. */
    void onFailure(Throwable cause) {
        context().listener().processorFailed(cause);
        if (ending == null) {
            beginEnd(AbortReason.CLOSED, cause);
        }
        endSides();
        settle();
    }

    // ---- The end, and the end of a connection -------------------------------------------------

    private void beginEnd(AbortReason reason, @Nullable Throwable cause) {
        ending = reason;
        failure = cause;
        closeRequested = true;
        shutdown();
    }

    /** Begins to take the connection away, if that is asked for. True if that is under way. */
    private boolean beginRelease() {
        if (disconnecting != null && !releasing) {
            releasing = true;
            shutdown();
        }
        return releasing;
    }

    /** The peer is to know at once, though the socket is closed later. */
    private void shutdown() {
        if (inFlight > 0) {
            descriptor.shutdown();
        }
    }

    private void endSides() {
        reads.end();
        writes.end();
        connects.end();
    }

    /** Finishes an end, or the end of a connection, once nothing is in flight. */
    void settle() {
        if (inFlight > 0 || !ending()) {
            return;
        }
        endSides();  // what came since, and what had to wait for its turn
        descriptor.close(loop);
        DisconnectOperation disconnect = disconnecting;
        disconnecting = null;
        if (ending != null) {
            finishEnd(disconnect);
        } else {
            assert disconnect != null;
            release(disconnect);
        }
    }

    private void release(DisconnectOperation disconnect) {
        releasing = false;
        reads.reset();
        writes.reset();
        descriptor.forget();
        if (membership.index != Membership.NONE) {
            loop.detach(membership);
        }
        complete(disconnect, null);
    }

    private void finishEnd(@Nullable DisconnectOperation disconnect) {
        if (disconnect != null) {
            complete(disconnect, endFailure(0));
        }
        if (!closed) {
            closed = true;
            descriptor.discardAhead();
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    // ---- For the three sides ------------------------------------------------------------------

    /** True if what is pending is to end, and nothing is to be begun. */
    boolean ending() {
        return ending != null || releasing;
    }

    /** The failure of an operation that ends because the handle does, or its connection. */
    Throwable endFailure(long bytesMoved) {
        assert ending();
        return failure != null ? Failures.transfer(failure, bytesMoved)
                : Failures.aborted(ending != null ? ending : AbortReason.CLOSED, bytesMoved);
    }

    void submitted() {
        inFlight++;
    }

    void completed() {
        assert inFlight > 0;
        inFlight--;
    }

    /** The connection is made: what was initiated before goes on. */
    void onConnected() {
        if (!ending()) {
            reads.advance();
            writes.advance(false);
        }
    }

    void finish(AsynchronousOperation operation, @Nullable Throwable cause) {
        if (operation instanceof ReadOperation read) {
            attempts.readEnds(read.bytesMoved(), read.full(), reads.holdsBytes());
        }
        complete(operation, cause);
    }

    UringLoop loop() {
        return loop;
    }

    SocketDescriptor descriptor() {
        return descriptor;
    }

    boolean connectionMade() {
        return descriptor.isOpen() && descriptor.remoteAddress() != null && !connects.inFlight();
    }

    ReadSide reads() {
        return reads;
    }

    WriteSide writes() {
        return writes;
    }

    void arm(AsynchronousOperation operation) {
        if (operation.timeoutNanos() > 0) {
            operation.arm(loop.deadlines().arm(this, operation,
                    System.nanoTime() + operation.timeoutNanos()));
        }
    }
}
