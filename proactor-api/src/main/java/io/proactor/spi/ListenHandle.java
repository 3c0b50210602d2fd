package io.proactor.spi;

import io.proactor.operation.AcceptOperation;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A listener. Any number of accepts may be pending on it; their value is a {@link StreamHandle}.
 */
public abstract class ListenHandle extends Handle {

    private static final Admission UNLIMITED = new Admission() {
        @Override
        public boolean admit() {
            return true;
        }

        @Override
        public @Nullable StreamHandle recycled() {
            return null;
        }

        @Override
        public void unused(StreamHandle handle) {
            throw new AssertionError("none was recycled");
        }

        @Override
        public void taken() {
            // Nobody counts.
        }

        @Override
        public void withdraw() {
            // There is nothing to give back.
        }
    };

    private final List<AcceptOperation> operations = new ArrayList<>();  // guarded by itself
    private boolean unregistered;  // guarded by operations; true exactly after the end
    private volatile Admission admission = UNLIMITED;

    /** See {@link Handle}. */
    protected ListenHandle(ProcessorContext context, @Nullable CompletionSequence sequence) {
        super(context, sequence);
    }

    /**
     * Makes an operation of this handle, to be initiated any number of times. Any thread.
     *
     * @return null if the handle is terminated
     */
    public final @Nullable AcceptOperation newAccept() {
        synchronized (operations) {
            if (unregistered) {
                return null;
            }
            AcceptOperation operation = new AcceptOperation(this, context().operations());
            operations.add(operation);
            return operation;
        }
    }

    /** Sets who decides whether a connection may be taken. To be set before the first accept. */
    public final void admission(Admission admission) {
        this.admission = admission;
    }

    /** The processor. Returns whom to ask before it takes a connection. */
    protected final Admission admission() {
        return admission;
    }

    /** The processor. The connection that was admitted for {@code accept} is there. */
    protected final void accepted(AcceptOperation accept, StreamHandle stream) {
        admission.taken();
        accept.accepted(stream);
        complete(accept, null);
    }

    /** A place that was refused before may be free now. Any thread. */
    public abstract void resume();

    /** Returns the address that the listener is bound to, with the port that the system chose. */
    public abstract SocketAddress localAddress();

    /**
     * Sets a socket option of the listener. Any thread.
     *
     * @throws IOException if the system refuses, or the listener is closed
     * @throws UnsupportedOperationException if the processor does not know the option
     */
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        throw new UnsupportedOperationException("This processor has no options for listeners.");
    }

    /**
     * Returns a socket option of the listener. Any thread.
     *
     * @throws IOException as for {@link #setOption}
     */
    public <T> T getOption(SocketOption<T> option) throws IOException {
        throw new UnsupportedOperationException("This processor has no options for listeners.");
    }

    @Override
    protected final void unregister() {
        synchronized (operations) {
            unregistered = true;
            operations.forEach(context().operations()::unregister);
            operations.clear();
        }
    }
}
