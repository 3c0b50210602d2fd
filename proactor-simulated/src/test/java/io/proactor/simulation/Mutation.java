package io.proactor.simulation;

import java.util.List;

/**
 * A bug that was once in somebody's library, planted by changing one call in one method of what is
 * compiled: mostly of the library itself, else of the simulated engine.
 */
enum Mutation {

    DOUBLE_COMPLETION(Edit.TWICE, new Site("io.proactor.spi.Handle", "complete", "dispatch")),
    LOST_WAKE_UP(Edit.NEVER, new Site("io.proactor.engine.event.CommandQueue", "offer", "wakeUp")),
    COMPLETION_AFTER_CLOSE(Edit.FALSE, new Site(
            "io.proactor.engine.simulated.SimulatedStreamHandle", "endIfQuiet", "cancelsAll")),
    BUFFER_FREED_ON_CANCEL(Edit.PROCEED, new Site(
            "io.proactor.engine.simulated.ReadSide", "advance", "cancel")),
    MATCH_BY_DESCRIPTOR(Edit.BY_DESCRIPTOR, new Site(
            "io.proactor.engine.simulated.ReadinessPerformer", "disarm", "remove")),
    MISSED_RE_ARM(Edit.NEVER, new Site("io.proactor.AcceptLoop", "completed", "post")),
    DOUBLE_RETURN_OF_A_WRITE(Edit.TWICE, new Site(
            "io.proactor.spi.StreamHandle", "retired", "returnWrite")),
    DOUBLE_RETURN_OF_A_PLACE(Edit.TWICE, new Site("io.proactor.Accepts", "over", "release")),
    NO_GENERATION(Edit.ANY_ID, new Site("io.proactor.operation.OperationTable", "find", "id"),
            new Site("io.proactor.operation.AsynchronousOperation", "abort", "idOf")),
    PLACE_NOT_RETURNED(Edit.NEVER, new Site("io.proactor.Accepts", "over", "release")),
    RESERVATION_NOT_WITHDRAWN(Edit.NEVER, new Site("io.proactor.Accepts", "withdraw", "unreserve")),
    SURPLUS_DROPPED(Edit.NEVER, new Site(
            "io.proactor.engine.simulated.ReadSide", "keepSurplus", "put")),
    SEQUENCE_NOT_DISPATCHED(Edit.NEVER, new Site(
            "io.proactor.spi.CompletionSequence", "enqueue", "enqueue")),
    LEASE_NOT_RETURNED(Edit.NEVER, new Site(
            "io.proactor.operation.ReceiveBuffer", "release", "giveBack")),
    ABORT_NOT_TOLD(Edit.NEVER, new Site(
            "io.proactor.operation.AsynchronousOperation", "abort", "onAbort")),
    LATE_BUFFER_NOT_PASSED_ON(Edit.NEVER, new Site(
            "io.proactor.engine.event.ReceiveClaim", "onReturned", "run"));

    /** What is done to each call of that name in that method. */
    enum Edit { TWICE, NEVER, FALSE, PROCEED, BY_DESCRIPTOR, ANY_ID }

    /** All calls of a name in a method of a class. */
    record Site(String type, String method, String call) {}

    private final Edit edit;
    private final List<Site> sites;

    Mutation(Edit edit, Site... sites) {
        this.edit = edit;
        this.sites = List.of(sites);
    }

    Edit edit() {
        return edit;
    }

    List<Site> sites() {
        return sites;
    }
}
