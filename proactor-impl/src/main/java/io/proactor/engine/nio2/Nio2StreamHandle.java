package io.proactor.engine.nio2;

import io.proactor.engine.event.Failures;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.DisconnectOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * A socket, which has one connection after the other. Other threads leave messages in its volatile
 * fields and signal; everything else is the business of the one that holds its serializer.
 */
final class Nio2StreamHandle extends StreamHandle implements Serializer.Member, Timed {

    private final Nio2Processor processor;
    private final Serializer serializer;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen

    // Null exactly while not connected. Set by the holder when a connect has succeeded, and by a
    // listener's holder when it puts a connection into a handle of which nothing is pending; taken
    // away by the holder. Read by any thread.
    private volatile @Nullable Connection connection;

    // The holder's.
    private final ReadSide reads;
    private final WriteSide writes;
    private final ConnectSide connects;
    private final DisconnectSide disconnects;
    private @Nullable AbortReason ending;  // not null exactly from when the end was seen
    private @Nullable Throwable failure;   // why it ended, if it was not asked to
    private boolean closed;                // true exactly when the JDK has nothing of it any more

    /** For a connection that is yet to be made, or for one that was accepted. */
    Nio2StreamHandle(Nio2Processor processor, @Nullable Connection connection) {
        super(processor.context(), new CompletionSequence(processor.dispatcher()));
        this.processor = processor;
        this.connection = connection;
        serializer = new Serializer(this, processor.clock());
        reads = new ReadSide(this, processor, serializer);
        writes = new WriteSide(this, processor, serializer);
        connects = new ConnectSide(this, serializer);
        disconnects = new DisconnectSide(this);
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** Once: the processor is to know the handle, to end it with itself. */
    void start() {
        processor.handles().register(serializer);
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        switch (operation.kind()) {
            case READ, RECEIVE, WAIT_READABLE -> { }  // the holder finds it: there is only one
            case WRITE, SEND_FILE -> writes.offer((WriteOperation) operation);
            case CONNECT -> connects.offer((ConnectOperation) operation);
            case DISCONNECT -> disconnects.offer((DisconnectOperation) operation);
            case ACCEPT, TIMER, POST -> throw new AssertionError(operation);
        }
        serializer.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        abortRequested = true;
        serializer.signal();
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        assert operation != null;
        operation.abort(id, AbortReason.TIMED_OUT);
    }

    void signal() {
        serializer.signal();
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            serializer.signal();
        }
    }

    @Override
    public boolean isOpen() {
        return !closeRequested;
    }

    @Override
    public void openAhead() throws IOException {
        if (!closeRequested && connection == null && !connects.pending()) {
            connects.openAhead();
        }
    }

    /** Returns the channel that the next connect will use; null if it opens one. Any thread. */
    @Nullable AsynchronousSocketChannel openedAhead() {
        return connects.openedAhead();
    }

    /**
     * Puts a connection into this handle, which has none and of which nothing is pending.
     *
     * @return false if the handle was closed meanwhile. Then the connection may be closed as well
     */
    boolean adopt(Connection accepted) {
        assert connection == null;
        connection = accepted;
        // Whoever closes the handle after this look closes the connection in its turn.
        return !closeRequested;
    }

    @Override
    public void shutdownOutput() {
        Connection made = connection;
        if (made != null) {
            writes.requestShutdown(made);
            serializer.signal();
        }
    }

    @Override
    protected WriteOperation borrowWrite() {
        return processor.writes().borrow(this);
    }

    @Override
    protected void returnWrite(WriteOperation operation) {
        processor.writes().giveBack(operation);
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return processor.dispatcher();
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        Connection made = connection;
        return made == null ? null : made.local();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        Connection made = connection;
        return made == null ? null : made.remote();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel().setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return channel().getOption(option);
    }

    private AsynchronousSocketChannel channel() throws IOException {
        Connection made = connection;
        if (closeRequested) {
            throw new ClosedChannelException();
        }
        if (made == null) {
            throw new IOException("The socket is not connected.", new NotYetConnectedException());
        }
        return made.channel();
    }

    // ---- The holder ---------------------------------------------------------------------------

    @Override
    public void onTurn() {
        if (mustEnd()) {
            end();
            return;
        }
        if (disconnects.pending()) {
            takeConnectionAway();
            return;
        }
        boolean aborts = abortRequested;
        if (aborts) {
            abortRequested = false;
        }
        Connection made = connects.advance(connection);
        AsynchronousSocketChannel channel = made == null ? null : made.channel();
        writes.advance(channel, aborts);
        reads.advance(channel, processor.handles().draining() && writes.isEmpty());
    }

    /** Finds out once that, and why, the handle has come to its end. */
    private boolean mustEnd() {
        if (ending == null) {
            if (failure == null) {
                failure = processor.handles().failure();
            }
            if (processor.handles().aborting()) {
                ending = AbortReason.SHUTDOWN;
            } else if (closeRequested || failure != null) {
                ending = AbortReason.CLOSED;
            }
        }
        return ending != null;
    }

    @Override
    public void onFailure(Throwable thrown) {
        context().listener().processorFailed(thrown);
        breakDown(thrown);
    }

    /** The connection cannot be used any longer: all of its operations fail, and it closes. */
    void breakDown(Throwable cause) {
        if (failure == null && ending == null) {
            failure = cause;
            serializer.signal();
        }
    }

    /**
     * Ends everything that is pending and closes the channel. Called in each turn from then on:
     * what comes late ends too, and the last call of the JDK is the end of the handle.
     */
    private void end() {
        boolean lost = processor.handles().failure() != null;
        closeRequested = true;
        boolean quiet = endConnection(lost);
        disconnects.end();
        if (!closed && (lost || quiet)) {
            closed = true;
            processor.handles().unregister(serializer);
            closed();
        }
    }

    /** Ends everything but the handle; and, when the JDK has nothing any more, forgets it. */
    private void takeConnectionAway() {
        if (endConnection(false) && failure == null) {
            connection = null;
            reads.reset();
            writes.reset();
            disconnects.done();
        }
    }

    /** Returns true if the JDK has nothing of the connection any more. */
    private boolean endConnection(boolean lost) {
        reads.end(lost);
        Connection made = connection;
        if (made != null) {
            close(made.channel());
        }
        writes.end(lost);
        connects.end();
        return reads.quiet() && writes.quiet() && connects.quiet();
    }

    // ---- For its sides ------------------------------------------------------------------------

    void finish(AsynchronousOperation operation, @Nullable Throwable cause) {
        complete(operation, cause);
    }

    /**
     * Returns the failure of an operation that ends because the handle or its connection does, or
     * that was aborted.
     */
    IOException endOf(AsynchronousOperation operation, long bytesMoved) {
        assert ending != null || disconnects.pending();
        AbortReason reason = operation.aborting();
        if (reason != null) {
            return Failures.aborted(reason, bytesMoved);
        }
        if (failure != null) {
            return Failures.transfer(failure, bytesMoved);
        }
        return Failures.aborted(ending != null ? ending : AbortReason.CLOSED, bytesMoved);
    }

    /** Returns the connection; null while not connected. Any thread. */
    @Nullable Connection connection() {
        return connection;
    }

    void connected(Connection made) {
        assert connection == null;
        connection = made;
    }

    /** True if a connect is pending. */
    boolean connecting() {
        return connects.pending();
    }

    AsynchronousSocketChannel openChannel() throws IOException {
        return AsynchronousSocketChannel.open(processor.group());
    }

    Nio2Calls calls() {
        return processor.calls();
    }

    boolean onGroupThread() {
        return processor.onGroupThread();
    }

    void pass(Runnable marker) {
        processor.pass(marker);
    }

    /** Has the operation's timeout watched, if it has one. */
    void arm(AsynchronousOperation operation) {
        processor.arm(this, operation);
    }

    void close(NetworkChannel channel) {
        processor.close(channel);
    }
}
