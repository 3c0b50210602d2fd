package io.proactor.engine.uring;

import io.proactor.engine.dispatch.LoopDispatcher;
import io.proactor.engine.event.CommandQueue;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.TimingWheel;
import io.proactor.engine.event.WriteOperationPool;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SystemCalls;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of the {@code uring} processor: take commands, call the handlers of what is
 * complete, see to the deadlines; then submit all that came of it and wait, in one system call; and
 * tell the handles what the kernel has completed. All methods belong to the loop's thread but those
 * that say otherwise. Nothing here calls a handler except {@link LoopDispatcher#drain}, which
 * stands outside of everything else.
 */
final class UringLoop implements Runnable {

    /** Commands per turn, so that a flood of them cannot keep completions waiting. */
    private static final int COMMANDS_MAX = 4_096;

    /** Between two attempts when the system gives no ring in place of one that broke. */
    private static final long RETRY_NANOS = 100_000_000;

    private final ProcessorContext context;
    private final LoopRings rings;
    private final ReceiveBuffers receiveBuffers;
    private final WriteOperationPool writes;
    private final WakeUp wakeUp;
    private final CommandQueue<Membership> commands;
    private final List<Membership> members = new ArrayList<>();
    private final TimingWheel deadlines = new TimingWheel(System.nanoTime());
    private final TransferSlabs slabs = new TransferSlabs();
    private final SendBatch sendBatch = new SendBatch(slabs);
    private final CallMemories callMemories = new CallMemories();  // any thread

    // Set before the thread starts. Exactly one of the two: handlers run on this thread, or not.
    private @Nullable LoopDispatcher own;
    private @Nullable CompletionDispatcher shared;
    private @Nullable Thread thread;

    // The loop's, once its thread has started. There is always one; it may be broken.
    private LoopRing ring;

    // Each is true exactly from the moment at which the processor said so. Any thread sets them.
    private volatile boolean draining;
    private volatile boolean aborting;
    private volatile boolean stopping;

    private boolean drained;  // true exactly when every member was told that the processor drains
    private boolean aborted;  // true exactly when every member was told that the processor aborts

    UringLoop(ProcessorContext context, LoopRings rings, ReceiveBuffers receiveBuffers)
            throws IOException {
        this.context = context;
        this.rings = rings;
        this.receiveBuffers = receiveBuffers;
        writes = new WriteOperationPool(context.operations());
        wakeUp = new WakeUp();
        commands = new CommandQueue<>(wakeUp::signal);
        boolean opened = false;
        try {
            ring = rings.open(receiveBuffers);
            opened = true;
        } finally {
            if (!opened) {
                wakeUp.close();
            }
        }
    }

    // ---- Before the start, and from any thread -----------------------------------------------

    /** Before the start: completions are dispatched on this loop's own thread. */
    void dispatchOn(LoopDispatcher dispatcher) {
        own = dispatcher;
    }

    /** Before the start: completions are handed to a dispatcher with threads of its own. */
    void dispatchTo(CompletionDispatcher dispatcher) {
        shared = dispatcher;
    }

    /** Before the start. */
    void belongTo(Thread thread) {
        this.thread = thread;
        writes.belongTo(thread);
    }

    /** Any thread. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Any thread. At most one system call per nap of the loop, however many commands arrive. */
    void enqueue(Membership command) {
        commands.offer(command, isCurrent());
    }

    /** Any thread: something was left for the loop elsewhere than on the command queue. */
    void wakeUp() {
        commands.wakeUp();
    }

    /** Any thread. See {@link io.proactor.spi.AsynchronousOperationProcessor#drain}. */
    void drain() {
        draining = true;
        wakeUp();
    }

    /** Any thread. See {@link io.proactor.spi.AsynchronousOperationProcessor#abort}. */
    void abort() {
        aborting = true;
        wakeUp();
    }

    /** Any thread, when nothing is outstanding any more: the thread is to end. */
    void stop() {
        stopping = true;
        wakeUp();
    }

    /** Before the start, if there will be none; and at the end. */
    void discard() {
        ring.close();
        slabs.close();
        callMemories.close();
        wakeUp.close();
    }

    /** Any thread. */
    CompletionDispatcher dispatcher() {
        CompletionDispatcher dispatcher = own != null ? own : shared;
        assert dispatcher != null;
        return dispatcher;
    }

    /** Any thread. */
    WriteOperationPool writes() {
        return writes;
    }

    // ---- For the members ----------------------------------------------------------------------

    Requests requests() {
        assert isCurrent();
        return ring.requests();
    }

    /** Null if this kernel picks no buffers, or must not. */
    @Nullable PickedBuffers buffers() {
        return ring.buffers();
    }

    /** Any thread. */
    CallMemories callMemories() {
        return callMemories;
    }

    TransferSlabs slabs() {
        return slabs;
    }

    /** Whether sends are made that tell only failure. */
    boolean quietSends() {
        return rings.features().quietSends();
    }

    /** Whether entries are submitted that the kernel starts one after the other. */
    boolean links() {
        return rings.features().links();
    }

    /** Whether files are sent that are not read first. */
    boolean sendFile() {
        return rings.features().sendFile();
    }

    /** Closes a socket that nothing in flight refers to, at the latest in this turn. */
    void closeSocket(int fd) {
        if (rings.features().ringClose() && ring.enabled()) {
            ring.requests().close(fd);
        } else {
            SystemCalls.close(fd);
        }
    }

    SendBatch sendBatch() {
        return sendBatch;
    }

    ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    TimingWheel deadlines() {
        return deadlines;
    }

    /** True once what only waits is to end. */
    boolean draining() {
        return draining;
    }

    /** True once everything is to end. */
    boolean aborting() {
        return aborting;
    }

    void attach(Membership membership) {
        assert isCurrent();
        assert membership.index == Membership.NONE;
        membership.index = members.size();
        members.add(membership);
    }

    void detach(Membership membership) {
        assert isCurrent();
        assert members.get(membership.index) == membership;
        Membership last = members.remove(members.size() - 1);
        if (last != membership) {
            members.set(membership.index, last);
            last.index = membership.index;
        }
        membership.index = Membership.NONE;
    }

    // ---- The duty cycle -----------------------------------------------------------------------

    @Override
    public void run() {
        assert isCurrent();
        while (!stopping) {
            try {
                if (!ring.enabled()) {
                    ring.enable(wakeUp);
                }
                turn();
            } catch (Throwable failure) {
                context.listener().processorFailed(failure);
                if (failure instanceof RingFailure || !ring.enabled()) {
                    replaceRing(failure);
                }
            }
        }
        end();
    }

    private void turn() {
        takeCommands();
        tellMembers();
        boolean more = own != null && own.drain();
        if (deadlines.armed() > 0) {
            deadlines.expire(System.nanoTime());
        }
        if (own != null) {
            own.batchEnds();
        }
        commands.giveWay(shared != null);
        enter(more);
        ring.complete();
    }

    private void takeCommands() {
        for (int count = 0; count < COMMANDS_MAX; count++) {
            Membership command = commands.poll();
            if (command == null) {
                return;
            }
            command.taken();
            command.member.onCommand();
        }
    }

    /** Tells every member of the drain once, and of the abort once; later ones ask. */
    private void tellMembers() {
        if (aborting && !aborted) {
            aborted = true;
            drained = true;
            forEachMember(LoopMember::onCommand);
        } else if (draining && !drained) {
            drained = true;
            forEachMember(LoopMember::onDrain);
        }
    }

    /** Submits, and sleeps until something comes if there is nothing else to do. */
    private void enter(boolean more) {
        Requests requests = ring.requests();
        if (more || own != null && own.hasEvents() || ring.due() || !commands.nap()) {
            requests.submit();
            return;
        }
        try {
            // Since the start of the nap something else may have been left for the loop: events of
            // other threads, or one of the three flags. Who leaves them looks at the nap.
            if (own != null && own.hasEvents() || draining && !drained || aborting && !aborted
                    || stopping) {
                requests.submit();
            } else {
                requests.submitAndWait(sleepNanos());
            }
        } finally {
            commands.awake();
        }
    }

    private long sleepNanos() {
        return deadlines.armed() == 0 ? Ring.FOREVER
                : deadlines.nanosToNext(System.nanoTime());
    }

    // ---- Failure and end ----------------------------------------------------------------------

    /**
     * The ring broke. All members are closed, since nothing more will be heard of what they have in
     * flight, and the loop goes on with another ring. While none can be had, whatever is initiated
     * fails; by a handler, when there is one again.
     */
    private void replaceRing(Throwable failure) {
        forEachMember(member -> member.onRingLost(failure));
        boolean refused = false;
        while (!stopping) {
            try {
                LoopRing opened = rings.open(receiveBuffers);
                if (refused) {
                    forEachMember(member -> member.onRingLost(failure));
                }
                ring.close();
                ring = opened;
                return;
            } catch (IOException e) {
                refuseCommands(e);
                refused = true;  // and so handlers were called, which had only the old ring
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void refuseCommands(Throwable failure) {
        for (Membership each = commands.poll(); each != null; each = commands.poll()) {
            each.taken();
            each.member.onRingLost(failure);
        }
        if (own != null) {
            own.drain();
            own.batchEnds();
        }
    }

    /** Calls each member that is still one when its turn comes. */
    private void forEachMember(Consumer<LoopMember> call) {
        for (Membership each : members.toArray(new Membership[0])) {
            if (each.index != Membership.NONE) {
                call.accept(each.member);
            }
        }
    }

    /**
     * Nothing is outstanding; but a connection may have been accepted that nobody has used. What
     * comes later than this is a handle without a socket.
     */
    private void end() {
        try {
            aborting = true;
            while (!commands.isEmpty()) {
                takeCommands();
            }
            forEachMember(LoopMember::onCommand);
            ring.settle(wakeUp);
        } catch (Throwable e) {
            context.listener().processorFailed(e);
        } finally {
            discard();
        }
    }
}
