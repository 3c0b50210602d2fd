package io.proactor.contract;

/** The completion dispatchers that the contract is run with. */
public enum Dispatch {
    /** Handlers run on the loops, so one that blocks keeps its loop from everything else. */
    LOOP,
    /** Handlers run on threads of the library that do nothing else. */
    POOLED,
    /** Handlers run on threads of the test's own. */
    EXECUTOR
}
