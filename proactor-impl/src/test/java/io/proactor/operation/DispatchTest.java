package io.proactor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way from complete to the handler does not end early, whatever is thrown on it. */
final class DispatchTest {

    private static final Error NO_MEMORY = new OutOfMemoryError("thrown by a test");

    /** What happened, in order. */
    private final List<String> events = new ArrayList<>();

    private final HandlerRunner runner =
            new HandlerRunner((thrown, id, owner) -> events.add("threw " + thrown));

    private final CompletionHandler<Object, Object> handler = new CompletionHandler<>() {
        @Override
        public void completed(Object value, Object attachment) {
            events.add("completed");
        }

        @Override
        public void failed(Throwable cause, Object attachment) {
            events.add("failed " + cause);
        }
    };

    /** An owner that may throw when its operation retires. */
    private final class Owner implements OperationOwner {
        private final Error thrown;

        Owner(Error thrown) {
            this.thrown = thrown;
        }

        @Override
        public void onAbort(AsynchronousOperation operation) {
            throw new AssertionError("nothing is aborted");
        }

        @Override
        public void onRetire(AsynchronousOperation operation, Outcome outcome) {
            events.add("retired " + outcome);
            if (thrown != null) {
                throw thrown;
            }
        }

        @Override
        public void onHandled(Kind kind) {
            events.add("handled");
        }
    }

    private ReadOperation claimed(Owner owner) {
        ReadOperation read = new ReadOperation(owner, new OperationTable());
        assertThat(read.claim()).isTrue();
        return read;
    }

    @Test
    void wantOfMemoryForALeaseIsAFailureAndTheBufferGoesBack() {
        ReadOperation receive = claimed(new Owner(null));
        receive.prepareReceive(8, (buffer, generation, trace) -> {
            throw NO_MEMORY;
        }, 0, null, handler);
        receive.initiate(0);
        receive.equip(new ReceiveBuffer(ByteBuffer.allocate(8), new ReceiveBuffer.Source() {
            @Override
            public void giveBack(ReceiveBuffer buffer) {
                events.add("given back");
            }

            @Override
            public void forfeit(ReceiveBuffer buffer) {
                throw new AssertionError("it is not lost");
            }
        }));
        receive.complete(null);
        receive.dispatch(runner);
        assertThat(events).containsExactly("given back", "retired FAILED",
                "failed " + NO_MEMORY, "handled");
        assertThat(receive.claim()).as("it may be initiated again").isTrue();
    }

    @Test
    void ownerThatThrowsCostsNoHandlerItsCall() {
        ReadOperation read = claimed(new Owner(NO_MEMORY));
        read.prepareWait(0, null, handler);
        read.initiate(0);
        read.complete(null);
        assertThatThrownBy(() -> read.dispatch(runner)).isSameAs(NO_MEMORY);
        assertThat(events).containsExactly("retired COMPLETED", "completed", "handled");
        assertThat(runner.turn() & 1).as("no handler runs").isZero();
    }

    @Test
    void reportThatThrowsIsNoReasonToForgetTheOwner() {
        HandlerRunner reporting = new HandlerRunner((thrown, id, owner) -> {
            throw NO_MEMORY;
        });
        ReadOperation read = claimed(new Owner(null));
        read.prepareWait(0, null, new CompletionHandler<Object, Object>() {
            @Override
            public void completed(Object value, Object attachment) {
                throw new IllegalStateException("thrown by a test");
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                throw new AssertionError("it has not failed", cause);
            }
        });
        read.initiate(0);
        read.complete(null);
        assertThatThrownBy(() -> read.dispatch(reporting)).isSameAs(NO_MEMORY);
        assertThat(events).containsExactly("retired COMPLETED", "handled");
    }
}
