package io.proactor.provider;

import org.jspecify.annotations.Nullable;

/** Which group's handlers run on a thread, and how many of them inside each other. */
final class HandlerStack {

    /** One per thread that ever ran a handler; it holds nothing while none runs. */
    private static final ThreadLocal<HandlerStack> CURRENT =
            ThreadLocal.withInitial(HandlerStack::new);

    /**
     * Handlers on a stack before one goes by way of the executor, so that a chain of operations
     * that complete at once does not overflow it. The property and its default are the JDK's
     * (sun.nio.ch.Invoker).
     */
    private static final int DEPTH_MAX =
            Math.max(1, Integer.getInteger("sun.nio.ch.maxCompletionHandlersOnStack", 16));

    // The thread's own.
    private @Nullable GroupThreads group;  // whose handler is running; null exactly at depth 0
    private int depth;

    private HandlerStack() {}

    static HandlerStack current() {
        return CURRENT.get();
    }

    /** True if a handler of that group runs on this thread, and one more may inside it. */
    static boolean mayCall(GroupThreads group) {
        HandlerStack stack = CURRENT.get();
        return stack.group == group && stack.depth < DEPTH_MAX;
    }

    @Nullable GroupThreads group() {
        return group;
    }

    int depth() {
        return depth;
    }

    /** A handler or a task of that group is about to be called. */
    void enter(GroupThreads entered) {
        // One of another group begins anew: the two share an executor.
        depth = group == entered ? depth + 1 : 1;
        group = entered;
    }

    /** It has returned or thrown; its thread's interrupt ends with it. */
    void leave(@Nullable GroupThreads outer, int outerDepth) {
        group = outer;
        depth = outerDepth;
        Thread.interrupted();
    }
}
