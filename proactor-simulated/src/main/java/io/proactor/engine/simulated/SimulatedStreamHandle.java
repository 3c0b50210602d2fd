package io.proactor.engine.simulated;

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
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection on a loop. */
final class SimulatedStreamHandle extends StreamHandle implements LoopMember, Timed {

    private final SimulatedLoop loop;
    private final World world;
    private final Membership membership;
    private final Link link;
    private final ConnectSide connects;
    private final ReadSide reads;
    private final WriteSide writes;
    private final Map<SocketOption<?>, Object> options = new HashMap<>();  // never walked

    private @Nullable DisconnectOperation disconnecting;  // from submit to completion
    private boolean closeRequested;  // true exactly from the first close
    private boolean ending;          // true exactly from when the loop has seen that
    private boolean closed;          // true exactly when the descriptor was closed for good

    SimulatedStreamHandle(SimulatedLoop loop, @Nullable CompletionSequence sequence) {
        super(loop.context(), sequence);
        this.loop = loop;
        world = loop.world();
        membership = new Membership(loop, this);
        link = new Link(world);
        connects = new ConnectSide(this);
        reads = new ReadSide(this);
        writes = new WriteSide(this);
    }

    // ---- From anywhere ------------------------------------------------------------------------

    /** Puts an accepted connection into this handle, which is new or rests. */
    void adopt(int accepted) {
        link.adopt(accepted);
        options.clear();
        membership.signal();
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

    /** On the loop's own thread acts at once, as the processors with loops do. */
    private void tellLoop() {
        if (loop.isCurrent() && world.inHandler()) {
            onCommand();
        } else {
            membership.signal();
        }
    }

    void lookAgain() {
        membership.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        tellLoop();
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            link.discardAhead();
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
        if (!closeRequested) {
            link.openAhead();
        }
    }

    @Override
    public int tryRead(ByteBuffer target) throws IOException {
        if (!world.swarm().attempts() || link.fd() == Link.NONE) {
            return 0;
        }
        int result = world.kernel().endpoint(link.fd())
                .receive(target, target.position(), target.remaining());
        if (result == Errno.EAGAIN) {
            return 0;
        }
        if (result < 0) {
            throw Errno.exception(result);
        }
        target.position(target.position() + result);
        return result == 0 ? -1 : result;
    }

    @Override
    public int tryWrite(ByteBuffer source) throws IOException {
        if (!world.swarm().attempts() || link.fd() == Link.NONE) {
            return 0;
        }
        int result = world.kernel().endpoint(link.fd())
                .send(source, source.position(), source.remaining());
        if (result == Errno.EAGAIN) {
            return 0;
        }
        if (result < 0) {
            throw Errno.exception(result);
        }
        source.position(source.position() + result);
        return result;
    }

    @Override
    public long tryWrite(ByteBuffer[] sources, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (sources[i].hasRemaining()) {
                return tryWrite(sources[i]);
            }
        }
        return 0;
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
        return link.local();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return link.remote();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        requireConnected();
        options.put(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        requireConnected();
        Object value = options.get(option);
        if (value == null) {
            throw new UnsupportedOperationException(option + " was not set.");
        }
        return option.type().cast(value);
    }

    private void requireConnected() throws IOException {
        if (closeRequested) {
            throw new ClosedChannelException();
        }
        if (link.remote() == null) {
            throw new IOException("The socket is not connected.", new NotYetConnectedException());
        }
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    public void onCommand() {
        if (closed || closeRequested || loop.aborting()) {
            ending = true;
            closeRequested = true;
            endIfQuiet();
            return;
        }
        if (membership.index == Membership.NONE) {
            loop.attach(membership);
        }
        connects.advance();
        reads.advance();
        writes.advance();
        disconnectIfQuiet();
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        assert operation != null;
        operation.abort(id, AbortReason.TIMED_OUT);
    }

    void arm(AsynchronousOperation operation) {
        long timeoutNanos = operation.timeoutNanos();
        if (timeoutNanos > 0) {
            operation.arm(loop.deadlines().arm(this, operation,
                    world.nanoTime() + timeoutNanos));
        }
    }

    void submit(Request request) {
        loop.performer().submit(request);
    }

    void cancel(Request request) {
        loop.performer().cancel(request);
    }

    void finish(AsynchronousOperation operation, @Nullable Throwable cause) {
        if (!operation.pending()) {
            throw new Violation("An operation was completed twice: " + operation);
        }
        complete(operation, cause);
    }

    void afterResult() {
        if (ending) {
            endIfQuiet();
        } else {
            disconnectIfQuiet();
        }
    }

    // ---- The end ------------------------------------------------------------------------------

    /** Takes the connection away, if that was asked for; the handle is then as a new one. */
    private void disconnectIfQuiet() {
        DisconnectOperation operation = disconnecting;
        if (operation == null || ending || cancelsAll()) {
            return;
        }
        disconnecting = null;
        reads.end(AbortReason.CLOSED);
        writes.end(AbortReason.CLOSED);
        connects.end(AbortReason.CLOSED);
        link.close();
        link.forget();
        loop.detach(membership);
        reads.reset();
        writes.reset();
        finish(operation, null);
    }

    /**
     * Ends everything that is pending and closes the descriptor, as soon as the kernel has given
     * everything back: shut down, cancel, wait, close, in that order.
     */
    private void endIfQuiet() {
        if (!closed && link.fd() != Link.NONE && cancelsAll()) {
            return;
        }
        boolean first = !closed;
        closed = true;
        AbortReason reason = endReason();
        reads.end(reason);
        writes.end(reason);
        connects.end(reason);
        DisconnectOperation disconnect = disconnecting;
        if (disconnect != null) {
            disconnecting = null;
            finish(disconnect, Failures.aborted(reason, 0));
        }
        link.close();
        if (first) {
            link.discardAhead();
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    /** Asks for the end of all that is under way. False if there is nothing. */
    private boolean cancelsAll() {
        boolean any = false;
        for (Request each : new Request[] {reads.request, writes.request, connects.request}) {
            if (each.underWay) {
                cancel(each);
                any = true;
            }
        }
        return any;
    }

    boolean ending() {
        return ending;
    }

    /** True if nothing may be asked of the kernel any more: it is to give back what it has. */
    boolean leaving() {
        return ending || disconnecting != null;
    }

    AbortReason endReason() {
        return loop.aborting() ? AbortReason.SHUTDOWN : AbortReason.CLOSED;
    }

    // ---- For the three sides ------------------------------------------------------------------

    World world() {
        return world;
    }

    SimulatedLoop loop() {
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

    @Override
    public void checkAtRest() {
        if (closeRequested || disconnecting != null) {
            throw new Violation("A socket was closed, and does not close: " + link.remote());
        }
        connects.checkAtRest();
        reads.checkAtRest();
        writes.checkAtRest();
    }
}
