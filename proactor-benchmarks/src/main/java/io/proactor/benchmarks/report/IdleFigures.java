package io.proactor.benchmarks.report;

/**
 * What an idle connection costs a server in memory, in bytes.
 *
 * @param server the name of the server
 * @param connections how many there were
 * @param resident growth of the resident set, the heap being resident from the beginning
 * @param heap growth of the live objects; -1 if the server is no JVM
 * @param ownHeap of those, objects of this library; -1 likewise
 * @param threads of the whole process while they were there
 */
public record IdleFigures(String server, int connections, double resident, double heap,
        double ownHeap, int threads) {

    /** Returns all together. */
    public double sum() {
        return Math.max(0, resident) + Math.max(0, heap);
    }
}
