package io.proactor.engine.uring;

import io.proactor.engine.event.AcceptGovernor;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.engine.event.Timed;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.Slab;
import io.proactor.engine.uring.ffm.SystemCalls;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A listener on a loop. Its connections are spread over all loops.
 *
 * <p>While accepts are pending it keeps a poll in flight, which costs no place. When a connection
 * is there, places are admitted and as many accepts go to the kernel, which never wait; so no place
 * is kept for a client that does not come, and what finds no place stays in the backlog. In a storm
 * of connections the accepts double with each round.
 */
final class UringListenHandle extends ListenHandle implements LoopMember, Timed {

    /** Accepts in flight, so that a storm of connections cannot keep the others waiting. */
    private static final int ACCEPTS_MAX = 16;

    private static final Consumer<AcceptOperation> ARRIVE =
            accept -> handleOf(accept).arrive(accept);
    private static final Predicate<AcceptOperation> ABORTING = accept -> accept.aborting() != null;
    private static final Consumer<AcceptOperation> FINISH_ABORTED = accept ->
            handleOf(accept).complete(accept, Failures.aborted(accept.aborting(), 0));

    private final UringLoop loop;
    private final Membership membership;
    private final SocketAddress localAddress;
    private final StreamFactory streams;

    // Messages. Any thread sets them and then signals.
    private volatile boolean closeRequested;  // true exactly from the first close
    private volatile boolean abortRequested;  // true exactly while an abort may not have been seen
    private volatile boolean starved;         // true exactly while it waits for a free place

    // The loop's.
    private final OperationLane<AcceptOperation> lane = new OperationLane<>();
    private final AcceptGovernor governor = new AcceptGovernor();
    private final ListenerPoll poll;
    private final Slab addresses;
    private final AcceptRequest[] accepts = new AcceptRequest[ACCEPTS_MAX];
    private int acceptsInFlight;
    private int acceptsWanted = 1;  // by a round; doubles while connections keep waiting
    private boolean moreWait;       // true exactly if the last accept left a connection behind
    private boolean mayNotWait = true;  // false exactly once the kernel has refused to not wait
    private boolean paused;         // true exactly while the governor's pause lasts
    private boolean addressesLost;  // true exactly if the kernel may write there for ever
    private @Nullable AbortReason ending;  // not null exactly from when the end was seen
    private @Nullable Throwable failure;   // why it ended, if it was not asked to
    private boolean closed;         // true exactly when the close is done

    UringListenHandle(ProcessorContext context, @Nullable CompletionSequence sequence,
            UringLoop loop, int bound, StreamFactory streams) throws IOException {
        super(context, sequence);
        this.loop = loop;
        this.streams = streams;
        localAddress = SystemCalls.localAddress(bound);
        membership = new Membership(loop, this);
        poll = new ListenerPoll(this, bound);
        addresses = Slab.map((long) ACCEPTS_MAX * AcceptRequest.BYTES);
        for (int i = 0; i < ACCEPTS_MAX; i++) {
            accepts[i] = new AcceptRequest(this, addresses, (long) i * AcceptRequest.BYTES);
        }
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
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        poll.setOption(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return poll.getOption(option);
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return loop.dispatcher();
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    public void onCommand() {
        assert loop.isCurrent();
        if (ending == null && (closeRequested || loop.draining() || loop.aborting())) {
            boolean asked = closeRequested && !loop.aborting();
            beginEnd(asked ? AbortReason.CLOSED : AbortReason.SHUTDOWN, null);
        }
        if (ending != null) {
            end(ending);
            return;
        }
        if (membership.index == Membership.NONE) {
            loop.attach(membership);
        }
        lane.receive(ARRIVE);
        endAborted();
        starved = false;
        listen();
    }

    /**
     * Not while accepts are in flight: those on the lane are counted as admitted then, each by the
     * place that one in flight has.
     */
    private void endAborted() {
        if (abortRequested && acceptsInFlight > 0) {
            cancelAccepts();
        } else if (abortRequested) {
            abortRequested = false;
            lane.removeIf(ABORTING, FINISH_ABORTED);
        }
    }

    private void cancelAccepts() {
        for (AcceptRequest each : accepts) {
            each.cancel(loop.requests());
        }
    }

    /** Has the kernel report connections exactly while one can be taken. */
    private void listen() {
        if (!lane.isEmpty() && !paused && !starved && acceptsInFlight == 0 && !poll.inFlight()) {
            poll.submit(loop.requests());
        }
    }

    /** The poll says that a connection waits. */
    void onConnection() {
        if (ending != null) {
            end(ending);
            return;
        }
        acceptsWanted = 1;
        beginRound();
    }

    /** Has the kernel take connections into places that are admitted, as far as there are both. */
    private void beginRound() {
        assert acceptsInFlight == 0;
        endAborted();
        moreWait = false;
        AcceptOperation accept = paused ? null : lane.head();
        for (int count = 0; accept != null && count < roundMax(); count++) {
            // Before the question and not after the answer: a place that becomes free in between
            // must find the flag set, so that it signals.
            starved = true;
            if (!admission().admit()) {
                break;
            }
            starved = false;
            accepts[count].submit(loop.requests(), poll.listener(), !mayNotWait);
            acceptsInFlight++;
            accept = (AcceptOperation) accept.next();
        }
        listen();
    }

    private int roundMax() {
        return mayNotWait ? acceptsWanted : 1;
    }

    /**
     * An accept of this round has ended.
     *
     * @param more whether the kernel has seen another connection behind this one
     */
    void onAccepted(AcceptRequest request, int result, boolean more) {
        acceptsInFlight--;
        if (result >= 0) {
            moreWait = more;  // what the last one says holds
            take(request, result);
        } else {
            admission().withdraw();
            onError(-result);
        }
        if (acceptsInFlight > 0) {
            return;
        }
        if (ending != null) {
            end(ending);
            return;
        }
        endAborted();
        if (moreWait) {
            acceptsWanted = Math.min(2 * acceptsWanted, ACCEPTS_MAX);
            beginRound();
        } else {
            listen();
        }
    }

    private void onError(int errno) {
        switch (errno) {
            case Errno.EAGAIN, Errno.EINTR, Errno.ECANCELED -> moreWait = false;
            case Errno.EINVAL -> {
                if (mayNotWait && ending == null) {
                    mayNotWait = false;  // Linux before 6.10: one accept at a time, which waits
                } else {
                    pause(Errors.accept(errno));
                }
            }
            default -> pause(Errors.accept(errno));
        }
    }

    /** A connection was taken into a place that was admitted; it is the first accept's. */
    private void take(AcceptRequest request, int accepted) {
        assert !lane.isEmpty() : "accepts stay while their requests are in flight";
        StreamHandle recycled = null;
        try {
            recycled = admission().recycled();
            StreamHandle stream = streams.adopt(accepted, request.remote(), recycled);
            governor.succeeded();
            accepted(lane.remove(), stream);
        } catch (Throwable e) {
            // Errors too, such as want of memory: the place and the descriptor must not be lost.
            if (recycled != null) {
                admission().unused(recycled);
            }
            SystemCalls.close(accepted);
            admission().withdraw();
            pause(e);
        }
    }

    private void pause(Throwable cause) {
        if (paused || ending != null) {
            return;  // another one of the same round: one shortage
        }
        long pauseNanos = governor.failed(cause);
        if (pauseNanos > 0) {
            paused = true;
            loop.deadlines().arm(this, null, System.nanoTime() + pauseNanos);
        }
        context().listener().acceptFailed(this, cause, pauseNanos);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (operation != null) {
            operation.abort(id, AbortReason.TIMED_OUT);
        } else if (ending == null) {
            paused = false;
            listen();
        }
    }

    @Override
    public void onDrain() {
        onCommand();
    }

    @Override
    public void onRingLost(Throwable cause) {
        poll.forget();
        for (AcceptRequest each : accepts) {
            if (each.inFlight()) {
                each.forget();
                admission().withdraw();
            }
        }
        acceptsInFlight = 0;
        addressesLost = true;
        onFailure(cause);
    }

    void onFailure(Throwable cause) {
        context().listener().processorFailed(cause);
        if (ending == null) {
            beginEnd(AbortReason.CLOSED, cause);
        }
        end(AbortReason.CLOSED);
    }

    // ---- The end ------------------------------------------------------------------------------

    private void beginEnd(AbortReason reason, @Nullable Throwable cause) {
        ending = reason;
        failure = cause;
        closeRequested = true;
        poll.cancel(loop.requests());
        cancelAccepts();
        // Clients are refused from here on, though the socket is closed a little later.
        poll.shutdownListener();
    }

    /** Ends the accepts; those first that a connection may be under way for when all is told. */
    private void end(AbortReason reason) {
        lane.receive(ARRIVE);
        if (acceptsInFlight > 0) {
            return;  // a connection that was taken is not dropped while there is an accept
        }
        while (!lane.isEmpty()) {
            AcceptOperation accept = lane.remove();
            AbortReason own = accept.aborting();
            Throwable cause = own == null ? failure : null;
            complete(accept, cause != null ? cause
                    : Failures.aborted(own != null ? own : reason, 0));
        }
        if (!poll.inFlight() && !closed) {
            closed = true;
            poll.closeListener();
            releaseAddresses();
            if (membership.index != Membership.NONE) {
                loop.detach(membership);
            }
            closed();
        }
    }

    private void releaseAddresses() {
        if (addressesLost) {
            Leaked.keep(addresses);
        } else {
            addresses.close();
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

    private static UringListenHandle handleOf(AcceptOperation accept) {
        UringListenHandle handle = (UringListenHandle) accept.owner();
        assert handle != null;
        return handle;
    }
}
