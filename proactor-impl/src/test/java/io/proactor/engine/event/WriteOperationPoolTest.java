package io.proactor.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.OperationTable;
import io.proactor.operation.WriteOperation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class WriteOperationPoolTest {

    private static final int MANY = 1_000;  // more than the loop's own stack holds

    private final WriteOperationPool pool = new WriteOperationPool(new OperationTable());

    private static <T> T onAnotherThread(Supplier<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call::get);
        Thread thread = new Thread(task, "another");
        thread.start();
        thread.join();
        return task.get();
    }

    private List<WriteOperation> borrow(int count) {
        List<WriteOperation> borrowed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            borrowed.add(pool.borrow(null));
        }
        return borrowed;
    }

    private static Set<WriteOperation> identities(List<WriteOperation> operations) {
        Set<WriteOperation> identities = Collections.newSetFromMap(new IdentityHashMap<>());
        identities.addAll(operations);
        return identities;
    }

    @Test
    void theLoopGetsTheOneThatItGaveBackLast() {
        pool.belongTo(Thread.currentThread());
        List<WriteOperation> two = borrow(2);
        two.forEach(pool::giveBack);
        assertThat(pool.borrow(null)).isSameAs(two.get(1));
        assertThat(pool.borrow(null)).isSameAs(two.get(0));
        assertThat(two).doesNotContain(pool.borrow(null));
    }

    @Test
    void whatOthersGiveBackTheLoopUses() throws Exception {
        pool.belongTo(Thread.currentThread());
        List<WriteOperation> some = borrow(3);
        onAnotherThread(() -> {
            some.forEach(pool::giveBack);
            return null;
        });
        assertThat(identities(borrow(3))).isEqualTo(identities(some));
    }

    @Test
    void noneIsLostAndNoneIsHandedOutTwice() throws Exception {
        pool.belongTo(Thread.currentThread());
        List<WriteOperation> all = borrow(MANY);
        assertThat(identities(all)).hasSize(MANY);
        all.forEach(pool::giveBack);
        List<WriteOperation> others = onAnotherThread(() -> borrow(MANY / 2));
        List<WriteOperation> again = borrow(MANY / 2);
        again.addAll(others);
        assertThat(identities(again)).isEqualTo(identities(all));
    }

    @Test
    void withoutALoopAnyThreadUsesWhatAnyOtherGaveBack() throws Exception {
        List<WriteOperation> some = onAnotherThread(() -> borrow(3));
        some.forEach(pool::giveBack);
        assertThat(identities(onAnotherThread(() -> borrow(3)))).isEqualTo(identities(some));
    }
}
