package io.proactor.contract;

/** One theme of the contract: tests that need a {@link Bench}, and nothing else, to work with. */
interface Contract {

    /** Returns the bench of the test that runs. */
    Bench bench();
}
