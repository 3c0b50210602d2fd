package io.proactor.operation;

import org.jspecify.annotations.Nullable;

/**
 * Where an operation was initiated: the stack of the initiating call, and as the cause the trace of
 * the operation whose handler made that call. A failed operation has it as a suppressed exception;
 * it is never thrown.
 *
 * <p>Made only where an application asked for traces: each costs the walk of a stack.
 */
public final class OperationTrace extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Parents that are kept. A chain of reads and writes may be as long as its connection lives;
     * what is farther away than this has seldom to do with a failure.
     */
    private static final int PARENTS_MAX = 8;

    /** The operation whose handler runs on the current thread, if that is traced. */
    private static final ThreadLocal<@Nullable OperationTrace> CURRENT = new ThreadLocal<>();

    private final Kind kind;
    private final long id;

    private OperationTrace(Kind kind, long id, @Nullable OperationTrace parent) {
        super(kind + " #" + id + " was initiated here", parent);
        this.kind = kind;
        this.id = id;
    }

    /** The initiator. Returns the trace of the call that is under way. */
    static OperationTrace of(Kind kind, long id) {
        OperationTrace parent = CURRENT.get();
        return new OperationTrace(kind, id, parent == null ? null : parent.cut(PARENTS_MAX));
    }

    /** Returns this with at most so many of its parents. */
    private OperationTrace cut(int parents) {
        OperationTrace above = parent();
        if (above == null || parents > 1 && above.parents() < parents) {
            return this;
        }
        OperationTrace shorter =
                new OperationTrace(kind, id, parents == 1 ? null : above.cut(parents - 1));
        shorter.setStackTrace(getStackTrace());
        return shorter;
    }

    private int parents() {
        int count = 0;
        for (OperationTrace above = parent(); above != null; above = above.parent()) {
            count++;
        }
        return count;
    }

    /** The dispatcher. Runs a handler; what that initiates has this as its parent. */
    void during(Runnable handler) {
        CURRENT.set(this);
        try {
            handler.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** Returns what the operation did. */
    public Kind kind() {
        return kind;
    }

    /** Returns the operation's id. */
    public long id() {
        return id;
    }

    /** Returns the trace of the operation whose handler initiated this one, or null. */
    public @Nullable OperationTrace parent() {
        return (OperationTrace) getCause();
    }

    /** Returns the frame that initiated the operation: the first that is not this library's. */
    public @Nullable StackTraceElement initiator() {
        for (StackTraceElement frame : getStackTrace()) {
            if (!isOurs(frame.getClassName())) {
                return frame;
            }
        }
        return null;
    }

    private static boolean isOurs(String className) {
        int end = className.lastIndexOf('.');
        String name = end < 0 ? "" : className.substring(0, end);
        return name.equals("io.proactor") || name.equals("io.proactor.spi")
                || name.equals("io.proactor.operation");
    }
}
