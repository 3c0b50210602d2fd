package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorListener;
import io.proactor.spi.ReceiveLimits;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.WriteBudget;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import org.junit.jupiter.api.Test;

/** What is booked for a write is given back when a disconnect comes in between. */
final class WriteBookingTest {

    private final WriteBudget budget = new WriteBudget(1 << 20);
    private final ProcessorContext context = new ProcessorContext(1, null, 0, Thread::new, "test-",
            mock(ProcessorListener.class), ReceiveLimits.defaults(), budget, false);

    /** A connection that begins to be disconnected while a write is being claimed. */
    private final class Disconnecting extends StreamHandle {
        private StreamInitiator initiator;

        Disconnecting() {
            super(context, null);
        }

        @Override
        protected WriteOperation borrowWrite() {
            initiator.disconnecting();
            return new WriteOperation(this, context().operations());
        }

        @Override
        protected void returnWrite(WriteOperation operation) {
            context().operations().unregister(operation);
        }

        @Override
        public SocketAddress localAddress() {
            return new InetSocketAddress(1);
        }

        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress(2);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void openAhead() {
            throw new AssertionError("not asked for");
        }

        @Override
        public void shutdownOutput() {
            throw new AssertionError("not asked for");
        }

        @Override
        public <T> void setOption(SocketOption<T> option, T value) {
            throw new AssertionError("not asked for");
        }

        @Override
        public <T> T getOption(SocketOption<T> option) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void close() {
            throw new AssertionError("not asked for");
        }

        @Override
        protected void submit(AsynchronousOperation operation) {
            throw new AssertionError("the write is refused");
        }

        @Override
        public void onAbort(AsynchronousOperation operation) {
            throw new AssertionError("nothing is aborted");
        }

        @Override
        protected CompletionDispatcher dispatcher() {
            throw new AssertionError("nothing completes");
        }
    }

    @Test
    @SuppressWarnings("unchecked")  // a mock of a generic type
    void writeThatMeetsADisconnectLeavesNothingBooked() {
        Disconnecting handle = new Disconnecting();
        handle.initiator = new StreamInitiator(handle, new Leases(new ProactorListener() {}, false),
                WriteQueueOptions.defaults());
        assertThatThrownBy(() -> handle.initiator.write(ByteBuffer.allocate(1_000), 0, null,
                mock(CompletionHandler.class))).isInstanceOf(IllegalStateException.class);
        assertThat(handle.writesQueued()).isZero();
        assertThat(handle.bytesQueued()).isZero();
        assertThat(budget.bytes()).isZero();
    }
}
