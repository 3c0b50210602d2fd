package io.proactor.engine.queue;

import io.proactor.engine.event.AcceptGovernor;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AcceptOperation;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A listener on a loop. Its connections are spread over all loops. */
final class SelectorListenHandle extends ListenHandle implements LoopMember, Timed {

    /** Connections per turn, so that a storm of them cannot keep the others waiting. */
    private static final int ACCEPTS_MAX = 16;

    private static final Consumer<AcceptOperation> ARRIVE =
            accept -> handleOf(accept).arrive(accept);
    private static final Predicate<AcceptOperation> ABORTING = accept -> accept.aborting() != null;
    private static final Consumer<AcceptOperation> FINISH_ABORTED = accept ->
            handleOf(accept).complete(accept, Failures.aborted(accept.aborting(), 0));

    /** Puts an accepted connection into a handle, or a new one on the loop whose turn it is. */
    interface StreamFactory {
        StreamHandle adopt(SocketChannel accepted, @Nullable StreamHandle recycled)
                throws IOException;
    }

    private final SelectorLoop loop;
    private final Membership membership;
    private final ServerSocketChannel channel;
    private final SocketAddress localAddress;
    private final StreamFactory streams;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen
    private volatile boolean starved;         // true exactly while it waits for a free place

    // The loop's.
    private final OperationLane<AcceptOperation> lane = new OperationLane<>();
    private final AcceptGovernor governor = new AcceptGovernor();
    private @Nullable SelectionKey key;
    private boolean paused;  // true exactly while the governor's pause lasts
    private boolean closed;  // true exactly when the channel was closed

    SelectorListenHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            SelectorLoop loop, ServerSocketChannel bound, StreamFactory streams)
            throws IOException {
        super(context, sequence);
        this.loop = loop;
        this.streams = streams;
        channel = bound;
        localAddress = bound.getLocalAddress();
        membership = new Membership(loop, this);
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** Once, before the first operation: the loop is to know the handle. */
    void start() {
        membership.signal();
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        lane.offer((AcceptOperation) operation);
        membership.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        abortRequested = true;
        membership.signal();
    }

    @Override
    public void resume() {
        if (starved) {
            membership.signal();
        }
    }

    @Override
    public void close() {
        if (!closeRequested) {
            closeRequested = true;
            membership.signal();
        }
    }

    @Override
    public boolean isOpen() {
        return !closeRequested;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return loop.dispatcher();
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    public void onCommand() {
        assert loop.isCurrent();
        if (closed || closeRequested || loop.draining() || loop.aborting()) {
            boolean asked = closeRequested && !loop.aborting();
            end(asked ? AbortReason.CLOSED : AbortReason.SHUTDOWN, null);
            return;
        }
        try {
            if (membership.index == Membership.NONE) {
                loop.attach(membership);
                onNewSelector();
            }
        } catch (IOException e) {
            onFailure(e);
            return;
        }
        lane.receive(ARRIVE);
        endAborted();
        starved = false;
        listen();
    }

    private void endAborted() {
        if (abortRequested) {
            abortRequested = false;
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
    }

    @Override
    public void onReady(int readyOps) {
        endAborted();
        for (int count = 0; count < ACCEPTS_MAX && !lane.isEmpty(); count++) {
            // Before the question and not after the answer: a place that becomes free in between
            // must find the flag set, so that it signals.
            starved = true;
            if (!admission().admit()) {
                break;
            }
            starved = false;
            if (!acceptOne()) {
                break;
            }
        }
        listen();
    }

    /** Lets the selector report connections exactly while one can be taken. */
    private void listen() {
        if (key != null) {
            key.interestOps(lane.isEmpty() || paused || starved ? 0 : SelectionKey.OP_ACCEPT);
        }
    }

    /** Takes one connection into the place that was admitted. False if none is there. */
    private boolean acceptOne() {
        SocketChannel accepted = null;
        StreamHandle recycled = null;
        try {
            accepted = loop.calls().accept(channel);
            if (accepted == null) {
                admission().withdraw();
                return false;
            }
            recycled = admission().recycled();
            StreamHandle stream = streams.adopt(accepted, recycled);
            governor.succeeded();
            accepted(lane.remove(), stream);
            return true;
        } catch (Throwable e) {
            // Errors too, such as want of memory: the place and the descriptor must not be lost.
            if (recycled != null) {
                admission().unused(recycled);
            }
            admission().withdraw();
            discard(accepted);
            pause(e);
            return !paused;
        }
    }

    private void discard(@Nullable SocketChannel accepted) {
        if (accepted != null) {
            try {
                accepted.close();
            } catch (IOException e) {
                context().listener().processorFailed(e);
            }
        }
    }

    private void pause(Throwable failure) {
        long pauseNanos = governor.failed(failure);
        if (pauseNanos > 0) {
            paused = true;
            loop.deadlines().arm(this, null, System.nanoTime() + pauseNanos);
        }
        context().listener().acceptFailed(this, failure, pauseNanos);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (operation != null) {
            operation.abort(id, AbortReason.TIMED_OUT);
        } else {
            paused = false;
            listen();
        }
    }

    @Override
    public void onDrain() {
        onCommand();
    }

    @Override
    public void onNewSelector() throws IOException {
        key = loop.register(channel, this);
        listen();
    }

    @Override
    public void onFailure(Throwable cause) {
        closeRequested = true;
        end(AbortReason.CLOSED, cause);
    }

    private void end(AbortReason reason, @Nullable Throwable cause) {
        boolean first = !closed;
        closed = true;
        closeRequested = true;
        lane.receive(ARRIVE);
        while (!lane.isEmpty()) {
            complete(lane.remove(), cause != null ? cause : Failures.aborted(reason, 0));
        }
        if (first) {
            key = null;
            try {
                channel.close();
                loop.letGo();
            } catch (IOException e) {
                context().listener().processorFailed(e);
            }
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    private void arrive(AcceptOperation accept) {
        if (accept.aborting() != null) {
            abortRequested = true;  // on its way here
        }
        long timeoutNanos = accept.timeoutNanos();
        if (timeoutNanos > 0) {
            accept.arm(loop.deadlines().arm(this, accept, System.nanoTime() + timeoutNanos));
        }
    }

    private static SelectorListenHandle handleOf(AcceptOperation accept) {
        SelectorListenHandle handle = (SelectorListenHandle) accept.owner();
        assert handle != null;
        return handle;
    }
}
