package io.proactor.engine.simulated;

import io.proactor.engine.event.AcceptGovernor;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.engine.event.Timed;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AcceptOperation;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Deadline;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.CompletionSequence;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.StreamHandle;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listener on a loop. It waits for connections while there is an accept and a place for one. */
final class SimulatedListenHandle extends ListenHandle
        implements LoopMember, Timed, Request.Owner {

    private static final int ACCEPTS_MAX = 4;  // per turn

    private final SimulatedLoop loop;
    private final SimulatedProcessor processor;
    private final World world;
    private final Membership membership;
    private final int fd;
    private final InetSocketAddress localAddress;
    private final OperationLane<AcceptOperation> lane = new OperationLane<>();
    private final AcceptGovernor governor = new AcceptGovernor();
    private final Request request = new Request(this);

    private boolean closeRequested;  // true exactly from the first close
    private boolean starved;         // true exactly while it waits for a free place
    private @Nullable Deadline pause;  // not null exactly while the governor's pause lasts
    private boolean closed;          // true exactly when the descriptor was closed

    SimulatedListenHandle(SimulatedProcessor processor, SimulatedLoop loop,
            @Nullable CompletionSequence sequence, int fd) {
        super(loop.context(), sequence);
        this.processor = processor;
        this.loop = loop;
        this.fd = fd;
        world = loop.world();
        localAddress = ((Listener) world.kernel().file(fd)).local();
        membership = new Membership(loop, this);
    }

    // ---- From anywhere ------------------------------------------------------------------------

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
    protected CompletionDispatcher dispatcher() {
        return loop.dispatcher();
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    public void onCommand() {
        if (closed) {
            endAll();
            return;
        }
        if (membership.index == Membership.NONE) {
            loop.attach(membership);
        }
        lane.receive(this::arrive);
        lane.removeIf(accept -> accept.aborting() != null,
                accept -> complete(accept, Failures.aborted(accept.aborting(), 0)));
        starved = false;
        listen();
    }

    private boolean ending() {
        return closeRequested || loop.draining() || loop.aborting();
    }

    private void listen() {
        if (ending()) {
            end();
        } else if (!lane.isEmpty() && pause == null && !starved && !request.underWay) {
            request.prepare(Request.Kind.READABLE, fd, null, null, 0);
            loop.performer().submit(request);
        }
    }

    @Override
    public void onResult(Request.Kind kind, int result) {
        if (result >= 0 && !ending()) {
            acceptSome();
        }
        listen();
    }

    private void acceptSome() {
        for (int count = 0; count < ACCEPTS_MAX && !lane.isEmpty() && pause == null; count++) {
            // Before the question: a place that becomes free in between must find the flag set.
            starved = true;
            if (!admission().admit()) {
                return;
            }
            starved = false;
            if (!acceptOne()) {
                return;
            }
        }
    }

    /** Takes one connection into the place that was admitted. False if none is there. */
    private boolean acceptOne() {
        int accepted = world.kernel().accept(fd);
        if (accepted < 0) {
            admission().withdraw();
            if (accepted != Errno.EAGAIN) {
                pause(accepted);
            }
            return false;
        }
        StreamHandle stream = processor.adopt(accepted, admission().recycled());
        governor.succeeded();
        admission().taken();
        AcceptOperation accept = lane.remove();
        accept.accepted(stream);
        complete(accept, null);
        return true;
    }

    private void pause(int errno) {
        Throwable failure = Errno.exception(errno);
        long pauseNanos = governor.failed(failure);
        if (pauseNanos > 0) {
            pause = loop.deadlines().arm(this, null, world.nanoTime() + pauseNanos);
        }
        context().listener().acceptFailed(this, failure, pauseNanos);
    }

    @Override
    public void onDeadline(@Nullable AsynchronousOperation operation, long id) {
        if (operation != null) {
            operation.abort(id, AbortReason.TIMED_OUT);
        } else {
            pause = null;
            listen();
        }
    }

    private void arrive(AcceptOperation accept) {
        long timeoutNanos = accept.timeoutNanos();
        if (timeoutNanos > 0) {
            accept.arm(loop.deadlines().arm(this, accept, world.nanoTime() + timeoutNanos));
        }
    }

    private void end() {
        if (request.underWay) {
            loop.performer().cancel(request);
            return;
        }
        if (!closed) {
            boolean asked = closeRequested && !loop.aborting();
            closed = true;
            closeRequested = true;
            world.kernel().close(fd);
            if (pause != null) {
                pause.disarm();
                pause = null;
            }
            endAll(asked ? AbortReason.CLOSED : AbortReason.SHUTDOWN);
            loop.detach(membership);
            closed();
        }
    }

    private void endAll() {
        endAll(loop.draining() || loop.aborting() ? AbortReason.SHUTDOWN : AbortReason.CLOSED);
    }

    private void endAll(AbortReason reason) {
        lane.receive(this::arrive);
        while (!lane.isEmpty()) {
            complete(lane.remove(), Failures.aborted(reason, 0));
        }
    }

    @Override
    public void checkAtRest() {
        if (ending()) {
            throw new Violation("A listener was closed, and does not close: " + localAddress);
        }
        if (pause != null) {
            throw new Violation("A listener pauses for ever: " + localAddress);
        }
        if (!lane.isEmpty() && world.kernel().file(fd).readable()) {
            if (!starved) {
                throw new Violation("Clients wait, and so does an accept: " + localAddress);
            }
            if (admission().admit()) {
                throw new Violation("Clients wait, though there is a place: " + localAddress);
            }
        }
    }
}
