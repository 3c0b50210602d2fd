package io.proactor.engine.simulated;

import io.proactor.engine.event.CommandQueue;
import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.event.TimingWheel;
import io.proactor.engine.event.WriteOperationPool;
import io.proactor.spi.ProcessorContext;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop, whose thread is simulated: each run of the task is one turn. It takes commands, sees to
 * deadlines, and uses the kernel by its {@link Performer}. When there is nothing to do it naps, and
 * is not run before somebody wakes it or a deadline comes.
 */
final class SimulatedLoop extends Task {

    private static final long NONE = Long.MAX_VALUE;

    private final World world;
    private final ProcessorContext context;
    private final CommandQueue<Membership> commands = new CommandQueue<>(this::wake);
    private final WriteOperationPool writes;
    private final ReceiveBuffers receiveBuffers;
    private final TimingWheel deadlines;
    private final Performer performer;
    private final SimulatedDispatcher dispatcher;
    private final List<Membership> members = new ArrayList<>();

    private boolean draining;
    private boolean drained;  // true exactly when every member was told
    private boolean aborting;
    private long alarmNanos = NONE;  // when the next deadline will wake the loop, as it knows

    SimulatedLoop(World world, ProcessorContext context, ReceiveBuffers receiveBuffers,
            SimulatedDispatcher dispatcher) {
        super(Role.LOOP, world);
        this.world = world;
        this.context = context;
        this.receiveBuffers = receiveBuffers;
        this.dispatcher = dispatcher;
        writes = new WriteOperationPool(context.operations());
        deadlines = new TimingWheel(world.nanoTime());
        performer = world.swarm().completes() ? new RingPerformer(world, this::wake)
                : new ReadinessPerformer(world, this::wake);
    }

    // ---- From anywhere ------------------------------------------------------------------------

    void enqueue(Membership command) {
        commands.offer(command);
    }

    private void wake() {
        world.ready(this);
    }

    void drain() {
        draining = true;
        wake();
    }

    void abort() {
        aborting = true;
        wake();
    }

    /** True if this is the loop whose thread is simulated at this moment. */
    boolean isCurrent() {
        return world.loop() == this;
    }

    // ---- The loop -----------------------------------------------------------------------------

    @Override
    void run() {
        world.on(this, false, this::turn);
    }

    private void turn() {
        commands.awake();
        takeCommands();
        if (draining && !drained || aborting && !members.isEmpty()) {
            drained = true;
            forEachMember();
        }
        deadlines.expire(world.nanoTime());
        boolean more = performer.poll();
        performer.enter();
        if (more || !commands.nap()) {
            world.ready(this);
        } else {
            setAlarm();
        }
    }

    private void takeCommands() {
        int most = world.choices().upTo(8);
        for (int count = 0; count < most; count++) {
            Membership command = commands.poll();
            if (command == null) {
                return;
            }
            command.taken();
            command.member.onCommand();
        }
    }

    private void forEachMember() {
        for (Membership each : List.copyOf(members)) {
            if (each.index != Membership.NONE) {
                each.member.onCommand();
            }
        }
    }

    private void setAlarm() {
        long now = world.elapsedNanos();
        if (alarmNanos <= now) {
            alarmNanos = NONE;
        }
        if (deadlines.armed() > 0) {
            long wait = deadlines.nanosToNext(world.nanoTime());
            if (now + wait < alarmNanos) {
                alarmNanos = now + wait;
                world.after(wait, this);
            }
        }
    }

    // ---- For its members ----------------------------------------------------------------------

    void attach(Membership membership) {
        assert membership.index == Membership.NONE;
        membership.index = members.size();
        members.add(membership);
    }

    void detach(Membership membership) {
        Membership last = members.remove(members.size() - 1);
        if (last != membership) {
            members.set(membership.index, last);
            last.index = membership.index;
        }
        membership.index = Membership.NONE;
    }

    boolean draining() {
        return draining;
    }

    boolean aborting() {
        return aborting;
    }

    World world() {
        return world;
    }

    Performer performer() {
        return performer;
    }

    TimingWheel deadlines() {
        return deadlines;
    }

    WriteOperationPool writes() {
        return writes;
    }

    ReceiveBuffers receiveBuffers() {
        return receiveBuffers;
    }

    SimulatedDispatcher dispatcher() {
        return dispatcher;
    }

    ProcessorContext context() {
        return context;
    }

    /** True if nothing is left of what was on the loop. */
    boolean isEmpty() {
        return members.isEmpty() && commands.isEmpty();
    }

    // ---- What must hold -----------------------------------------------------------------------

    /** Nothing is ready. */
    void checkAtRest() {
        if (!commands.isEmpty()) {
            throw new Violation("A wake-up was lost: " + this + " naps, and has commands.");
        }
        members.forEach(each -> each.member.checkAtRest());
    }

    /** Everything has ended. */
    void checkAtEnd() {
        if (!members.isEmpty() || deadlines.armed() > 0 || !performer.isEmpty()
                || !commands.isEmpty()) {
            throw new Violation(this + " was left with " + members.size() + " handles, "
                    + deadlines + ", and " + (performer.isEmpty() ? "no" : "some")
                    + " requests under way.");
        }
    }
}
