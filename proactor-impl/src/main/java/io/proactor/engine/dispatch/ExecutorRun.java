package io.proactor.engine.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One task of the application's executor, which calls handlers until no event waits. */
final class ExecutorRun implements Runnable {

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup()
                    .findVarHandle(ExecutorRun.class, "taken", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ExecutorDispatcher dispatcher;

    // The thread that is inside execute() with this task, null afterwards. That thread alone writes
    // it; the others only compare it with themselves, so they may read it late.
    private @Nullable Thread submitter = Thread.currentThread();

    // True exactly when somebody has taken it upon himself to see to the events: an executor may
    // refuse a task and run it all the same, or run it twice. Any thread: CAS.
    @SuppressWarnings("unused")  // by its VarHandle
    private volatile boolean taken;

    ExecutorRun(ExecutorDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Any thread. True if the caller must see to the events. */
    boolean take() {
        return TAKEN.compareAndSet(this, false, true);
    }

    /** The submitting thread: execute() has returned. */
    void submitted() {
        submitter = null;
    }

    @Override
    public void run() {
        if (!take()) {
            return;
        }
        if (submitter == Thread.currentThread()) {
            dispatcher.onInline();
        } else {
            dispatcher.onRun();
        }
    }
}
