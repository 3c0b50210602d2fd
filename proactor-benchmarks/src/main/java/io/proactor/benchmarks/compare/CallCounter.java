package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.report.CallFigures;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts the system calls of a server while it is under load. */
interface CallCounter {

    /** Counts nothing. */
    CallCounter NONE = (load, server, generator) -> null;

    /** How long the load is that is counted in. */
    long SLICE_MILLIS = 400;

    /** Puts a slice of load on the server; returns what it called for each round trip, or null. */
    @Nullable CallFigures count(Case load, ServerProcess server, LoadProcess generator)
            throws IOException, InterruptedException;

    /** Returns the one that disturbs least of those that work here. */
    static CallCounter best() throws IOException, InterruptedException {
        if (PerfCounter.works()) {
            return new PerfCounter();
        }
        return StraceCounter.works() ? new StraceCounter() : NONE;
    }
}
