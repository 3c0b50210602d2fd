package io.proactor.engine.simulated;

/** How a loop uses the kernel: by readiness, or by completion. All methods belong to the loop. */
interface Performer {

    /** Begins a request that is prepared. Its result comes in a later {@link #poll}. */
    void submit(Request request);

    /** Asks for the end of a request that is under way. Its result tells what came of that. */
    void cancel(Request request);

    /** Gives owners their results, as many as one turn takes. True if there are more. */
    boolean poll();

    /** The end of a turn: what was submitted reaches the kernel. */
    void enter();

    /** True if nothing is under way. */
    boolean isEmpty();
}
