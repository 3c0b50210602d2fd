package io.proactor.engine.nio2;

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
import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A listener. The JDK allows one physical accept at a time; accepts of the application wait in a
 * lane for what it brings.
 *
 * <p>A place is asked for when a connection is in hand, not before: nothing is booked for a client
 * that may never come. While a connection is in hand for which there is neither an accept nor a
 * place, no physical accept is begun, so that clients wait in the system's backlog; that one waits
 * here, and notices no difference. Bound: one per listener.
 */
final class Nio2ListenHandle extends ListenHandle implements Serializer.Member, Timed {

    private static final Consumer<AcceptOperation> ARM = accept -> handleOf(accept).arm(accept);
    private static final Predicate<AcceptOperation> ABORTING = accept -> accept.aborting() != null;
    private static final Consumer<AcceptOperation> FINISH_ABORTED = accept -> handleOf(accept)
            .finish(accept, Failures.aborted(Objects.requireNonNull(accept.aborting()), 0));

    private final Nio2Processor processor;
    private final AsynchronousServerSocketChannel channel;
    private final SocketAddress localAddress;
    private final Serializer serializer;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen
    private volatile boolean pauseOver;       // true exactly from a pause's end until it was seen

    // True exactly while a connection is in hand and no place for it was free. The holder sets it.
    private volatile boolean starved;

    // The holder's.
    private final OperationLane<AcceptOperation> lane = new OperationLane<>();
    private final AcceptGovernor governor = new AcceptGovernor();
    private PhysicalCall<AsynchronousSocketChannel> call;
    private @Nullable Connection inHand;   // accepted, and given to no accept yet
    private boolean paused;                // true exactly while the governor's pause lasts
    private @Nullable AbortReason ending;  // not null exactly from when the end was seen
    private @Nullable Throwable failure;   // why it ended, if it was not asked to
    private boolean closed;                // true exactly when the JDK has nothing of it any more

    Nio2ListenHandle(Nio2Processor processor, AsynchronousServerSocketChannel bound)
            throws IOException {
        super(processor.context(), new CompletionSequence(processor.dispatcher()));
        this.processor = processor;
        channel = bound;
        localAddress = bound.getLocalAddress();
        serializer = new Serializer(this, processor.clock());
        call = newCall();
    }

    private PhysicalCall<AsynchronousSocketChannel> newCall() {
        return new PhysicalCall<>(serializer, processor::close);
    }

    // ---- Any thread ---------------------------------------------------------------------------

    /** Once: the processor is to know the handle, to end it with itself. */
    void start() {
        processor.handles().register(serializer);
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        lane.offer((AcceptOperation) operation);
        serializer.signal();
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        abortRequested = true;
        serializer.signal();
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (operation != null) {
            operation.abort(id, AbortReason.TIMED_OUT);
        } else {
            pauseOver = true;
            serializer.signal();
        }
    }

    @Override
    public void resume() {
        if (starved) {
            serializer.signal();
        }
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
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return processor.dispatcher();
    }

    // ---- The holder ---------------------------------------------------------------------------

    @Override
    public void onTurn() {
        lane.receive(ARM);
        reap();
        if (abortRequested) {
            abortRequested = false;
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
        if (mustEnd()) {
            end();
            return;
        }
        if (pauseOver) {
            pauseOver = false;
            paused = false;
        }
        deliver();
        if (!lane.isEmpty() && inHand == null && !paused && call.idle()) {
            begin();
        }
    }

    /** Finds out once that, and why, the handle has come to its end. */
    private boolean mustEnd() {
        if (ending == null) {
            if (failure == null) {
                failure = processor.handles().failure();
            }
            if (processor.handles().draining() || processor.handles().aborting()) {
                ending = AbortReason.SHUTDOWN;
            } else if (closeRequested || failure != null) {
                ending = AbortReason.CLOSED;
            }
        }
        return ending != null;
    }

    private void begin() {
        if (!call.trusted()) {
            call = newCall();  // what the JDK still says of the old one is not heard
        }
        call.begin();
        try {
            processor.calls().accept(channel, call);
        } catch (Throwable thrown) {
            call.failed(thrown, null);
        }
    }

    /** Takes the result of the physical accept, if there is one. */
    private void reap() {
        if (!call.landed()) {
            return;
        }
        assert inHand == null;
        Throwable thrown = call.failure();
        AsynchronousSocketChannel accepted = thrown == null ? call.result() : null;
        call.clear();
        if (accepted != null) {
            governor.succeeded();
            try {
                inHand = Connection.of(accepted);
            } catch (IOException e) {
                processor.close(accepted);  // the client is gone already: as if it had not come
            }
        } else if (thrown != null && !closeRequested) {
            pause(thrown);
        }
    }

    /** Gives the connection in hand to the first accept, if there are both and a place. */
    private void deliver() {
        Connection connection = inHand;
        if (connection == null || lane.isEmpty()) {
            return;
        }
        // Before the question and not after the answer: a place that becomes free in between must
        // find the flag set, so that it signals.
        starved = true;
        if (!admission().admit()) {
            return;
        }
        starved = false;
        inHand = null;
        StreamHandle stream = admission().recycled();
        if (!(stream == null ? makeHandle(connection) : recycle(stream, connection))) {
            admission().withdraw();
            processor.close(connection.channel());
        }
    }

    /** True if there was what it takes. */
    private boolean makeHandle(Connection connection) {
        Nio2StreamHandle stream;
        try {
            stream = new Nio2StreamHandle(processor, connection);
        } catch (RuntimeException | Error e) {
            // No memory, or no slot for its operations: a shortage like one of descriptors.
            pause(e);
            return false;
        }
        stream.start();
        deliver(stream);
        return true;
    }

    /** False if the handle was closed just now; it costs the client its connection. */
    private boolean recycle(StreamHandle resting, Connection connection) {
        if (!((Nio2StreamHandle) resting).adopt(connection)) {
            admission().unused(resting);
            return false;
        }
        deliver(resting);
        return true;
    }

    private void deliver(StreamHandle stream) {
        accepted(lane.remove(), stream);
    }

    private void pause(Throwable thrown) {
        long pauseNanos = governor.failed(thrown);
        if (pauseNanos > 0) {
            paused = true;
            processor.clock().arm(this, null, System.nanoTime() + pauseNanos);
        }
        context().listener().acceptFailed(this, thrown, pauseNanos);
    }

    @Override
    public void onFailure(Throwable thrown) {
        context().listener().processorFailed(thrown);
        if (failure == null) {
            failure = thrown;
            serializer.signal();
        }
    }

    /**
     * Closes the listener and ends the accepts. Unless everything is aborted, they wait until the
     * JDK has called back: a connection that it had in hand is not dropped while there is an
     * accept.
     */
    private void end() {
        boolean lost = processor.handles().failure() != null;
        closeRequested = true;
        if (!processor.handles().aborting()) {
            deliver();
        }
        processor.close(channel);
        if (lost || call.idle() || processor.handles().aborting()) {
            while (!lane.isEmpty()) {
                AcceptOperation accept = lane.remove();
                complete(accept, endOf(accept));
            }
            Connection connection = inHand;
            if (connection != null) {
                inHand = null;
                processor.close(connection.channel());
            }
        }
        if (!closed && (lost || call.idle())) {
            closed = true;
            processor.handles().unregister(serializer);
            closed();
        }
    }

    /** Returns the failure of an accept that ends because the listener does, or was aborted. */
    private IOException endOf(AcceptOperation accept) {
        assert ending != null;
        AbortReason reason = accept.aborting();
        if (reason != null) {
            return Failures.aborted(reason, 0);
        }
        return failure != null ? Failures.transfer(failure, 0) : Failures.aborted(ending, 0);
    }

    private void finish(AcceptOperation accept, Throwable cause) {
        complete(accept, cause);
    }

    private void arm(AcceptOperation accept) {
        processor.arm(this, accept);
    }

    private static Nio2ListenHandle handleOf(AcceptOperation accept) {
        return (Nio2ListenHandle) Objects.requireNonNull(accept.owner());
    }
}
