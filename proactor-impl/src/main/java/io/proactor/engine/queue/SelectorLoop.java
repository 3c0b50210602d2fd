package io.proactor.engine.queue;

import io.proactor.engine.dispatch.LoopDispatcher;
import io.proactor.engine.event.CommandQueue;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.TimingWheel;
import io.proactor.engine.event.WriteOperationPool;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The duty cycle of the {@code queue} processor: take commands, call the handlers of what is
 * complete, see to the deadlines, perform what the selector finds ready, and call the handlers of
 * that. All methods belong to the loop's thread but those that say otherwise. Nothing here calls a
 * handler except {@link LoopDispatcher#drain}, which stands outside of everything else.
 */
final class SelectorLoop implements Runnable {

    /** Commands per turn, so that a flood of them cannot keep ready channels waiting. */
    private static final int COMMANDS_MAX = 4_096;

    /** Ready channels that there is room for from the beginning; the room grows. */
    private static final int READY_USUALLY = 256;

    /** A selector that fails is made anew, but not for ever: as many times in a minute. */
    private static final int REBUILDS_MAX = 5;
    private static final long REBUILDS_NANOS = 60_000_000_000L;

    /** Between two attempts when the system does not even give a selector. */
    private static final long RETRY_NANOS = 100_000_000;

    private final ProcessorContext context;
    private final SelectorCalls calls;
    private final CommandQueue<Membership> commands =
            new CommandQueue<>(() -> this.selector.wakeup());
    private final WriteOperationPool writes;
    private final ReceiveBuffers receiveBuffers;
    private final List<Membership> members = new ArrayList<>();
    private final TimingWheel deadlines = new TimingWheel(System.nanoTime());
    private final Consumer<SelectionKey> collect = this::collect;
    private final MemberCalls memberCalls;

    // Set before the thread starts. Exactly one of the two: handlers run on this thread, or not.
    private @Nullable LoopDispatcher own;
    private @Nullable CompletionDispatcher shared;
    private @Nullable Thread thread;

    private volatile Selector selector;  // written by the loop; any thread wakes it

    // Each is true exactly from the moment at which the processor said so. Any thread sets them.
    private volatile boolean draining;
    private volatile boolean aborting;
    private volatile boolean stopping;

    // What the selector has found and nobody has seen to yet: the first so many of the array.
    private @Nullable SelectionKey[] ready = new SelectionKey[READY_USUALLY];
    private int readyCount;
    private boolean drained;  // true exactly when every member was told that the processor drains
    private int rebuilds;
    private long rebuildsSinceNanos = System.nanoTime();

    SelectorLoop(ProcessorContext context, SelectorCalls calls, ReceiveBuffers receiveBuffers)
            throws IOException {
        this.context = context;
        this.calls = calls;
        this.receiveBuffers = receiveBuffers;
        memberCalls = new MemberCalls(context.listener());
        writes = new WriteOperationPool(context.operations());
        selector = Selector.open();
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
        try {
            selector.close();
        } catch (IOException e) {
            context.listener().processorFailed(e);
        }
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

    SelectorCalls calls() {
        return calls;
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

    SelectionKey register(SelectableChannel channel, LoopMember member) throws IOException {
        assert isCurrent();
        return channel.register(selector, 0, member);
    }

    /**
     * Lets go of a channel that was closed: the system's end of it closes only when the selector
     * has forgotten its key, and until then its address is in use. What is found ready meanwhile is
     * seen to in this turn or, since it stays ready, found again in the next.
     */
    void letGo() throws IOException {
        assert isCurrent();
        selector.selectNow(collect);
    }

    // ---- The duty cycle -----------------------------------------------------------------------

    @Override
    public void run() {
        assert isCurrent();
        while (!stopping) {
            try {
                turn();
            } catch (Throwable failure) {
                recover(failure);
            }
        }
        end();
    }

    private void turn() throws IOException {
        takeCommands();
        if (draining && !drained || aborting) {
            tellMembers();
        }
        boolean more = own != null && own.drain();
        if (deadlines.armed() > 0) {
            deadlines.expire(System.nanoTime());
        }
        memberCalls.endFailed();
        if (own != null) {
            own.batchEnds();
        }
        commands.giveWay(shared != null);
        pollReadiness(more);
        performReady();
        memberCalls.endFailed();
    }

    private void takeCommands() {
        for (int count = 0; count < COMMANDS_MAX; count++) {
            Membership command = commands.poll();
            if (command == null) {
                return;
            }
            command.taken();
            look(command.member);
        }
    }

    /** Tells every member of the drain once, and of an abort as long as there are members. */
    private void tellMembers() {
        drained = true;
        forEachMember(aborting ? this::look : LoopMember::onDrain);
    }

    private void pollReadiness(boolean more) throws IOException {
        // An interrupt of a handler's making would end every select at once, for ever.
        Thread.interrupted();
        if (more || own != null && own.hasEvents() || !commands.nap()) {
            selector.selectNow(collect);
            return;
        }
        try {
            // Since the start of the nap something else may have been left for the loop: events of
            // other threads, or one of the three flags. Who leaves them looks at the nap.
            if (own != null && own.hasEvents() || draining && !drained
                    || aborting && !members.isEmpty() || stopping) {
                selector.selectNow(collect);
            } else {
                selector.select(collect, sleepMillis());
            }
        } finally {
            commands.awake();
        }
    }

    /** Returns how long the selector may sleep, in its own way: 0 is for ever. */
    private long sleepMillis() {
        if (deadlines.armed() == 0) {
            return 0;
        }
        long nanos = deadlines.nanosToNext(System.nanoTime());
        return nanos / 1_000_000 + 1;  // rounded up: a deadline is not looked for too early
    }

    private void collect(SelectionKey key) {
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, readyCount * 2);
        }
        ready[readyCount++] = key;
    }

    /**
     * Performs what is ready, one channel after the other, and calls the handlers of what that
     * completes before it goes on to the next. So one connection's read, its handler and the write
     * that the handler initiates follow each other while the connection's memory, here and in the
     * kernel, is in the cache, and one receive buffer serves them all. Handlers cannot be called
     * while the selector reports: closing a listener asks the selector again.
     *
     * <p>The count is looked at anew each time, for that reason.
     */
    private void performReady() {
        try {
            for (int i = 0; i < readyCount; i++) {
                SelectionKey key = ready[i];
                assert key != null;
                if (key.isValid()) {
                    memberCalls.perform((LoopMember) key.attachment(), key.readyOps());
                    if (own != null) {
                        own.drain();
                    }
                }
            }
        } finally {
            Arrays.fill(ready, 0, readyCount, null);  // what is closed can be collected
            readyCount = 0;
        }
    }

    /** Has a member look at what is new; what it throws does not come from here. */
    void look(LoopMember member) {
        assert isCurrent();
        memberCalls.look(member);
    }

    // ---- Failure and end ----------------------------------------------------------------------

    /**
     * The selector failed, or there is a bug of ours. With a new selector the members live on; if
     * that happens too often they are closed, so that no operation hangs.
     */
    private void recover(Throwable failure) {
        context.listener().processorFailed(failure);
        long now = System.nanoTime();
        if (now - rebuildsSinceNanos > REBUILDS_NANOS) {
            rebuildsSinceNanos = now;
            rebuilds = 0;
        }
        try {
            if (++rebuilds > REBUILDS_MAX) {
                forEachMember(member -> member.onFailure(failure));
            }
            rebuild();
        } catch (Throwable e) {
            context.listener().processorFailed(e);
            LockSupport.parkNanos(RETRY_NANOS);  // not even a selector can be had: do not spin
        }
    }

    private void rebuild() throws IOException {
        Selector old = selector;
        selector = Selector.open();
        try {
            for (Membership each : members.toArray(new Membership[0])) {
                each.member.onNewSelector();
            }
        } catch (IOException | RuntimeException e) {
            forEachMember(member -> member.onFailure(e));
        } finally {
            old.close();
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
     * comes later than this is a handle without a channel.
     */
    private void end() {
        try {
            while (!commands.isEmpty()) {
                takeCommands();
            }
            forEachMember(this::look);
            memberCalls.endFailed();
            selector.selectNow();  // lets go of the channels that were closed since the last one
            if (own != null) {
                own.batchEnds();
            }
        } catch (Throwable e) {
            context.listener().processorFailed(e);
        } finally {
            discard();
        }
    }
}
