package io.proactor.engine.event;

import io.proactor.operation.OperationTable;
import io.proactor.operation.WriteOperation;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * One write operation is given back while another thread takes one: it is handed out once, be it
 * now or later.
 */
@JCStressTest
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "it was back in time")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the next one gets it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both get it, or it is lost")
@State
public class WritePoolLitmus {

    private static final OperationTable TABLE = new OperationTable();

    private final WriteOperationPool pool = new WriteOperationPool(TABLE);
    private final WriteOperation old = new WriteOperation(null, TABLE);
    private WriteOperation taken;

    @Actor
    public void returns() {
        pool.giveBack(old);
    }

    @Actor
    public void takes(ZZ_Result result) {
        taken = pool.borrow(null);
        result.r1 = taken == old;
    }

    @Arbiter
    public void takesLater(ZZ_Result result) {
        WriteOperation next = pool.borrow(null);
        result.r2 = next == old;
        TABLE.unregister(taken);
        TABLE.unregister(next);
    }
}
