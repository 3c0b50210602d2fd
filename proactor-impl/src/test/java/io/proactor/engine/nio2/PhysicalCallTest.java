package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JDK's completion handler: what it keeps, and what it does not believe. */
final class PhysicalCallTest implements Serializer.Member {

    private final Serializer serializer = new Serializer(this, Runnable::run);
    private final List<String> unwanted = new ArrayList<>();
    private final PhysicalCall<String> call = new PhysicalCall<>(serializer, unwanted::add);
    private int turns;

    @Override
    public void onTurn() {
        turns++;
    }

    @Override
    public void onFailure(Throwable thrown) {
        throw new AssertionError(thrown);
    }

    @Test
    void resultIsKeptUntilItIsTaken() {
        call.begin();
        assertThat(call.idle()).isFalse();
        assertThat(call.landed()).isFalse();
        call.completed("result", null);
        assertThat(turns).isEqualTo(1);
        assertThat(call.landed()).isTrue();
        assertThat(call.result()).isEqualTo("result");
        assertThat(call.failure()).isNull();
        call.clear();
        assertThat(call.idle()).isTrue();
        assertThat(call.trusted()).isTrue();
    }

    @Test
    void failureOfTheSystemLeavesItUsable() {
        IOException failure = new IOException("Connection reset");
        call.begin();
        call.failed(failure, null);
        assertThat(call.failure()).isSameAs(failure);
        call.clear();
        assertThat(call.trusted()).isTrue();
        call.begin();
        call.completed("again", null);
        assertThat(call.result()).isEqualTo("again");
    }

    /** What sun.nio.ch does after EPollPort.startPoll has thrown. */
    @Test
    void secondCallOfTheJdkIsIgnoredAndTheCallIsNotTrustedAgain() {
        Error error = new AssertionError("thrown by startPoll");
        call.begin();
        call.failed(error, null);
        call.failed(new AsynchronousCloseException(), null);
        assertThat(call.failure()).isSameAs(error);
        call.clear();
        call.failed(new AsynchronousCloseException(), null);
        call.completed("late", null);
        assertThat(call.idle()).isTrue();
        assertThat(call.trusted()).isFalse();
        assertThat(turns).isEqualTo(1);
        assertThat(unwanted).containsExactly("late");
    }
}
