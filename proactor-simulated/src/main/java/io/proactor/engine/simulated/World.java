package io.proactor.engine.simulated;

import io.proactor.spi.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One simulation: its time, what may happen next, and the kernel that all proactors in it share.
 * All methods belong to the one thread that runs it.
 *
 * <p>Time passes when nothing is ready, and, if the seed says so, now and then when something is.
 */
public final class World implements Environment {

    private static final ThreadLocal<@Nullable World> CURRENT = new ThreadLocal<>();

    /** Beyond 100 years nothing is waited for: it is somebody's way to say never. */
    private static final long NEVER_NANOS = 100L * 365 * 24 * 3_600 * 1_000_000_000L;

    private static final int TRACE_LINES = 40;

    private record Alarm(long atNanos, long order, Task task) {}

    private final Thread thread = Thread.currentThread();
    private final long seed;
    private final Limits limits;
    private final Choices choices;
    private final Swarm swarm;
    private final Schedule schedule;
    private final Trace trace = new Trace();
    private final PriorityQueue<Alarm> agenda = new PriorityQueue<>((a, b) ->
            a.atNanos != b.atNanos ? Long.compare(a.atNanos, b.atNanos)
                    : Long.compare(a.order, b.order));
    private final Kernel kernel;
    private final List<SimulatedProcessor> processors = new ArrayList<>();

    private final long startNanos;  // what nanoTime says at the start: it may be about to overflow
    private long elapsedNanos;
    private long steps;
    private long alarms;
    private int tasks;
    private boolean inHandler;                // true exactly while a handler runs
    private @Nullable SimulatedLoop loop;     // the one whose thread is simulated at this moment
    private @Nullable Throwable violation;    // the first one
    private boolean violationThrown;          // true exactly from when it was thrown
    private String stalled = "";              // what it was like when nothing could happen last

    private World(long seed, byte[] bytes, Limits limits) {
        this.seed = seed;
        this.limits = limits;
        choices = new Choices(seed, bytes);
        swarm = Swarm.draw(choices, limits);
        schedule = new Schedule(choices, swarm.byPriority());
        startNanos = choices.oneIn(4) ? Long.MAX_VALUE - choices.upTo(1L << 34) : choices.any();
        kernel = new Kernel(this);
    }

    // ---- For the application's floor ----------------------------------------------------------

    /**
     * Makes the world that the current thread lives in from here on.
     *
     * @param bytes decide first, and the seed when they are used up
     */
    public static World enter(long seed, byte[] bytes, Limits limits) {
        if (CURRENT.get() != null) {
            throw new IllegalStateException("A simulation is running on this thread already.");
        }
        World world = new World(seed, bytes, limits);
        CURRENT.set(world);
        return world;
    }

    /** Brings the current thread back into the system's time. */
    public void leave() {
        CURRENT.remove();
    }

    /** Returns the world that the current thread lives in, or null. */
    static @Nullable World current() {
        return CURRENT.get();
    }

    /** Lets things happen until {@code end} says so; false if nothing can happen before that. */
    public boolean runUntil(BooleanSupplier end) {
        refuseHandlers();
        while (!end.getAsBoolean()) {
            if (!step(NEVER_NANOS)) {
                stalled = "When nothing could happen any more, after step " + steps
                        + ", this was pending:\n" + pending() + trace.tail(TRACE_LINES);
                return end.getAsBoolean();
            }
        }
        return true;
    }

    /** Runs {@code body} as a task of its own, some time from now. */
    public void later(long nanos, Runnable body) {
        Task task = new Body(Task.Role.USER, this, body);
        if (nanos <= 0) {
            ready(task);
        } else {
            after(nanos, task);
        }
    }

    /** The first violation is what the run fails with. */
    public void violate(Throwable what) {
        if (violation == null) {
            violation = what;
        }
    }

    /** Lets everything happen, and looks at what must hold when nothing more can. */
    public void rest() {
        runUntil(() -> false);
        processors.forEach(SimulatedProcessor::checkAtRest);
    }

    /** Ends every processor that the program has not, and looks at what must hold at the end. */
    public void end() {
        for (SimulatedProcessor each : processors) {
            each.end();
        }
        runUntil(() -> false);
        processors.forEach(SimulatedProcessor::checkAtEnd);
        if (kernel.descriptors() > 0) {
            throw new Violation(kernel.descriptors() + " descriptors were left open.");
        }
        throwViolation();
    }

    /** Returns a number below {@code bound} that the seed decides. */
    public int draw(int bound) {
        return choices.below(bound);
    }

    /** Returns how many faults there have been that an application can notice. */
    public long harms() {
        return kernel.harms();
    }

    /** True if the connection of which this is the connecting end was reset or refused. */
    public boolean harmed(java.net.SocketAddress client) {
        return kernel.harmed(client);
    }

    /** Returns a hash of all that has happened. */
    public long traceHash() {
        return trace.hash();
    }

    /** Returns what led to where the world is now, and to where nothing could happen last. */
    public String story() {
        return "Drawn: " + swarm + "\n" + stalled + "Now this is pending:\n" + pending()
                + trace.tail(TRACE_LINES);
    }

    /** Returns how many tasks have run. */
    public long steps() {
        return steps;
    }

    /** Returns the time since the start. */
    public long elapsedNanos() {
        return elapsedNanos;
    }

    private String pending() {
        StringBuilder text = new StringBuilder();
        processors.forEach(each -> each.describePending(text));
        return text.toString();
    }

    // ---- Environment --------------------------------------------------------------------------

    @Override
    public long nanoTime() {
        return startNanos + elapsedNanos;
    }

    @Override
    public void start(Thread started) {
        ready(new Body(Task.Role.THREAD, this, started::run));
    }

    @Override
    public void park(Object blocker) {
        refuseHandlers();
        if (!step(NEVER_NANOS)) {
            throw new Violation("Something is waited for that cannot happen any more: " + blocker);
        }
    }

    @Override
    public void parkNanos(@Nullable Object blocker, long nanos) {
        refuseHandlers();
        long until = Math.min(NEVER_NANOS, elapsedNanos + Math.min(nanos, NEVER_NANOS));
        if (!step(until)) {
            elapsedNanos = until;
            countStep();
        }
    }

    private void refuseHandlers() {
        if (inHandler) {
            throw new IllegalStateException("A handler cannot wait in a simulation.");
        }
    }

    // ---- What happens -------------------------------------------------------------------------

    /** One task happens, and time passes for it no further than that. False if there is none. */
    private boolean step(long untilNanos) {
        Alarm next = agenda.peek();
        boolean due = next != null && next.atNanos <= untilNanos;
        if (due && (schedule.isEmpty() || choices.oneIn(swarm.clockOneIn()))) {
            agenda.remove();
            elapsedNanos = Math.max(elapsedNanos, next.atNanos);
            schedule.add(next.task);
        }
        if (schedule.isEmpty()) {
            return false;
        }
        countStep();
        Task task = schedule.take(steps);
        trace.add(steps, elapsedNanos, task.role.name(), task.number, 0);
        SimulatedLoop before = loop;
        loop = null;
        try {
            task.run();
        } finally {
            loop = before;
        }
        throwViolation();
        return true;
    }

    private void countStep() {
        if (++steps > limits.stepsMax()) {
            throw new Violation("After " + limits.stepsMax() + " steps it has not come to an end.");
        }
    }

    private void throwViolation() {
        Throwable first = violation;
        if (first != null && violationThrown) {
            // Another object: what is thrown while the first one is on its way must not be it.
            throw new Violation("The run has failed before: " + first);
        }
        violationThrown = true;
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            throw new Violation("A handler threw.", first);
        }
        violationThrown = false;
    }

    /** The task may happen from now on. */
    void ready(Task task) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "A simulation has one thread, and this is another: " + Thread.currentThread());
        }
        schedule.add(task);
    }

    /** The task may happen from then on. */
    void after(long nanos, Task task) {
        long wait = Math.max(0, Math.min(nanos, NEVER_NANOS));
        if (elapsedNanos + wait < NEVER_NANOS) {
            agenda.add(new Alarm(elapsedNanos + wait, alarms++, task));
        }
    }

    /** The task may happen after a delay of the network's. */
    void afterDelay(Task task) {
        long delayNanos = choices.upTo(swarm.delayNanos());
        if (delayNanos == 0) {
            ready(task);
        } else {
            after(delayNanos, task);
        }
    }

    void note(String text, long a, long b) {
        trace.add(steps, elapsedNanos, text, a, b);
    }

    /** Runs something on the thread of a loop; null for none. */
    void on(@Nullable SimulatedLoop owner, boolean handler, Runnable body) {
        if (handler && inHandler) {
            throw new Violation("A handler was called inside a handler.");
        }
        SimulatedLoop before = loop;
        loop = owner;
        inHandler = handler;
        try {
            body.run();
        } finally {
            loop = before;
            inHandler = false;
        }
    }

    // ---- What it is made of -------------------------------------------------------------------

    int nextNumber() {
        return tasks++;
    }

    boolean inHandler() {
        return inHandler;
    }

    @Nullable SimulatedLoop loop() {
        return loop;
    }

    Choices choices() {
        return choices;
    }

    Swarm swarm() {
        return swarm;
    }

    Schedule schedule() {
        return schedule;
    }

    Kernel kernel() {
        return kernel;
    }

    void opened(SimulatedProcessor processor) {
        processors.add(processor);
    }

    @Override
    public String toString() {
        return "World[seed " + seed + ", step " + steps + "]";
    }

    /** What a thread, or the program, has to do. */
    private static final class Body extends Task {
        private @Nullable Runnable body;

        Body(Role role, World world, Runnable body) {
            super(role, world);
            this.body = body;
        }

        @Override
        void run() {
            Runnable once = body;
            body = null;
            if (once != null) {
                once.run();
            }
        }
    }
}
