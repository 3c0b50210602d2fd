package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.report.CallFigures;
import java.io.IOException;
import java.util.List;

/** Counts the system calls of a server while it is under load. */
interface CallCounter {

    /** Counts nothing. */
    CallCounter NONE = (load, server, generator, into) -> {};

    /** How long the load is that is counted in. */
    long SLICE_MILLIS = 400;

    /** Puts a slice of load on the server, and adds what it called for each round trip. */
    void count(Case load, ServerProcess server, LoadProcess generator, List<CallFigures> into)
            throws IOException, InterruptedException;

    /** Returns the one that disturbs least of those that work here. */
    static CallCounter best() throws IOException, InterruptedException {
        if (PerfCounter.works()) {
            return new PerfCounter();
        }
        return StraceCounter.works() ? new StraceCounter() : NONE;
    }
}
