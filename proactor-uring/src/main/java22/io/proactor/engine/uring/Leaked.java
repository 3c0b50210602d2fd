package io.proactor.engine.uring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What is kept for ever because the kernel may still write to it: the requests of a ring that broke
 * while they were in flight. Nobody is told when the kernel has let go of their memory; memory that
 * is lost does less harm than memory that is written to by chance.
 *
 * <p>Threads: any. Bound: the rings that break, each with what was in flight.
 */
final class Leaked {

    // The only mutable state here that is of no object's: it is to outlive them all.
    private static final Queue<Object> KEPT = new ConcurrentLinkedQueue<>();

    private Leaked() {}

    static void keep(Object what) {
        KEPT.add(what);
    }
}
