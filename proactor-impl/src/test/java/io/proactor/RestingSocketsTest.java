package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.spi.StreamHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sockets of a pool that wait for a connection: which one is next, and which are given up. */
final class RestingSocketsTest {

    private Proactor proactor;

    @BeforeEach
    void open() throws Exception {
        proactor = Proactor.open(ProactorOptions.defaults().withProcessor("queue").withLoops(1));
    }

    @AfterEach
    void close() throws Exception {
        proactor.shutdownNow();
        assertThat(proactor.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    private List<StreamHandle> put(RestingSockets resting, int count) {
        List<StreamHandle> handles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StreamHandle handle = proactor.newSocket().handle();
            handles.add(handle);
            resting.put(handle, false);
        }
        return handles;
    }

    @Test
    void theLastOneInIsTheFirstOneOut() {
        RestingSockets resting = new RestingSockets(0, proactor::newTimer);
        List<StreamHandle> handles = put(resting, 3);
        for (int i = 2; i >= 0; i--) {
            assertThat(resting.take()).isSameAs(handles.get(i));
        }
        assertThat(resting.take()).isNull();
        resting.end();
    }

    @Test
    void trimmingClosesThoseThatHaveRestedTheLongest() {
        RestingSockets resting = new RestingSockets(0, proactor::newTimer);
        List<StreamHandle> handles = put(resting, 5);
        resting.trim(2);
        assertThat(handles).extracting(StreamHandle::isOpen)
                .containsExactly(false, false, true, true, true);
        assertThat(resting.size()).isEqualTo(3);
        resting.trim(7);
        assertThat(resting.size()).isZero();
        assertThat(handles).noneMatch(StreamHandle::isOpen);
        resting.end();
    }

    @Test
    void socketsThatWereClosedMeanwhileAreSkipped() {
        RestingSockets resting = new RestingSockets(0, proactor::newTimer);
        List<StreamHandle> handles = put(resting, 3);
        handles.get(2).close();
        handles.get(1).close();
        assertThat(resting.take()).isSameAs(handles.get(0));
        assertThat(resting.take()).isNull();
        resting.end();
    }

    @Test
    void theEndClosesThoseThatRestAndThoseThatComeLater() {
        RestingSockets resting = new RestingSockets(1, proactor::newTimer);
        List<StreamHandle> handles = put(resting, 3);
        resting.end();
        resting.end();
        handles.addAll(put(resting, 2));
        assertThat(handles).noneMatch(StreamHandle::isOpen);
        assertThat(resting.size()).isZero();
    }

    /** One timer for the pool, as long as there are more than the minimum; none otherwise. */
    @Test
    void onlyMoreThanTheMinimumAreWatched() throws Exception {
        RestingSockets resting = new RestingSockets(2, proactor::newTimer);
        put(resting, 2);
        assertThat(proactor.dumpPending()).isEmpty();
        put(resting, 3);
        assertThat(proactor.dumpPending()).hasSize(1);
        resting.end();
        for (int i = 0; i < 2_000 && !proactor.dumpPending().isEmpty(); i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        assertThat(proactor.dumpPending()).isEmpty();
    }
}
