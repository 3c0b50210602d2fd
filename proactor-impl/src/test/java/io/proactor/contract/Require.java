package io.proactor.contract;

import org.junit.jupiter.api.Assumptions;

/** Skips a test, with the reason, where a statement is not for the dispatcher under test. */
final class Require {

    private Require() {}

    /** The statement is about threads, or concurrency, of the pooled dispatcher. */
    static void pooled(Bench bench) {
        Assumptions.assumeTrue(bench.dispatch() == Dispatch.POOLED,
                "The statement is for the pooled dispatcher.");
    }

    /** The statement is about the loop dispatcher. */
    static void loop(Bench bench) {
        Assumptions.assumeTrue(bench.dispatch() == Dispatch.LOOP,
                "The statement is for the loop dispatcher.");
    }

    /** The statement is about the executor dispatcher. */
    static void executor(Bench bench) {
        Assumptions.assumeTrue(bench.dispatch() == Dispatch.EXECUTOR,
                "The statement is for the executor dispatcher.");
    }

    /** A handler of the test blocks, which the loop dispatcher does not allow. */
    static void threadsOfItsOwn(Bench bench) {
        Assumptions.assumeTrue(bench.dispatch() != Dispatch.LOOP,
                "A handler that blocks keeps a loop from everything else.");
    }
}
