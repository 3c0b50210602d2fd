package io.proactor.engine.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rules of the permits, one call after the other. */
final class PermitsTest {

    private final DispatchBench bench = new DispatchBench();

    private DispatcherThread add(Permits permits) {
        DispatcherThread thread = new DispatcherThread(null, new CompletionEventQueue(2), permits,
                bench.watchdog, bench.context, Search.NONE);
        permits.expect();
        permits.add(thread);
        return thread;
    }

    private static void granted(Permits permits, DispatcherThread expected) {
        assertThat(permits.grant()).isSameAs(expected);
        if (expected != null) {
            assertThat(expected.granted).isTrue();
            expected.granted = false;
        }
    }

    @Test
    void noSecondThreadIsWokenWhileOneSearches() {
        Permits permits = new Permits(2, 2);
        assertThat(permits.vacancy()).isFalse();
        DispatcherThread first = add(permits);
        DispatcherThread second = add(permits);
        granted(permits, second);
        assertThat(permits.vacancy()).isFalse();
        granted(permits, null);
        permits.found();
        assertThat(permits.vacancy()).isTrue();
        granted(permits, first);
        permits.found();
        assertThat(permits.vacancy()).isFalse();
        assertThat(permits.wakeUps()).isEqualTo(2);
    }

    @Test
    void theThreadThatParkedLastIsWokenFirst() {
        Permits permits = new Permits(2, 2);
        DispatcherThread first = add(permits);
        DispatcherThread second = add(permits);
        granted(permits, second);
        permits.found();
        granted(permits, first);
        permits.park(first, true);
        permits.park(second, false);
        granted(permits, second);
    }

    @Test
    void noMorePermitsThanTheConcurrencyHoweverManyThreads() {
        Permits permits = new Permits(1, 3);
        DispatcherThread first = add(permits);
        DispatcherThread second = add(permits);
        granted(permits, second);
        permits.found();
        assertThat(permits.vacancy()).isFalse();
        granted(permits, null);
        permits.park(second, false);
        granted(permits, second);
        permits.park(second, true);
        assertThat(first.granted).isFalse();
    }

    @Test
    void whoeverBlocksLendsItsPermitAndTakesOneBackInAnyCase() {
        Permits permits = new Permits(1, 2);
        DispatcherThread first = add(permits);
        granted(permits, first);
        permits.found();
        assertThat(permits.leave()).isTrue();
        DispatcherThread spare = new DispatcherThread(null, new CompletionEventQueue(2), permits,
                bench.watchdog, bench.context, Search.NONE);
        permits.add(spare);
        granted(permits, spare);
        permits.found();
        assertThat(permits.leave()).isFalse();  // there may be two threads, and both block
        assertThat(permits.vacancy()).isFalse();
        permits.comeBack();
        assertThat(permits.excess()).isFalse();
        permits.comeBack();
        assertThat(permits.excess()).isTrue();
        assertThat(permits.parkExcess(first)).isTrue();
        assertThat(permits.excess()).isFalse();
        assertThat(permits.parkExcess(spare)).isFalse();
        assertThat(permits.vacancy()).isFalse();
    }

    @Test
    void aSpareThatCannotBeMadeIsAskedForAgain() {
        Permits permits = new Permits(1, 2);
        DispatcherThread first = add(permits);
        granted(permits, first);
        permits.found();
        assertThat(permits.leave()).isTrue();
        permits.missing();
        permits.comeBack();
        assertThat(permits.leave()).isTrue();
    }

    @Test
    void afterTheEndNobodyIsWoken() {
        Permits permits = new Permits(1, 1);
        add(permits);
        permits.end();
        assertThat(permits.ended()).isTrue();
        assertThat(permits.vacancy()).isFalse();
        granted(permits, null);
    }
}
