package io.proactor.provider;

/** What all themes of the contract share. */
interface Clauses {

    /** The bench of the test that runs. */
    ChannelBench bench();
}
