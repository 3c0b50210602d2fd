package io.proactor;

import io.proactor.operation.ReceiveBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Bytes that a {@link StreamSocket#receive} brought, in a buffer of the processor's pool. The
 * application has it until it closes the lease; each lease must be closed, or the pool runs dry.
 *
 * <p>Ownership: {@link #buffer} may be used until the lease is closed, and not while a write of the
 * lease is pending. References to it that are kept beyond that see bytes of others.
 *
 * <p>Threads: any, one at a time.
 */
public final class Lease implements AutoCloseable {

    private final ReceiveBuffer buffer;
    private final long generation;  // of the buffer: a lease that is over reaches no later one
    private final Leases leases;

    Lease(ReceiveBuffer buffer, long generation, Leases leases) {
        this.buffer = buffer;
        this.generation = generation;
        this.leases = leases;
    }

    /**
     * Returns the bytes: one or more, from the position to the limit. Always the same buffer.
     *
     * @throws IllegalStateException if the lease is closed, or a write of it is pending
     */
    public ByteBuffer buffer() {
        if (!buffer.usable(generation)) {
            throw closed();
        }
        return buffer.bytes();
    }

    /**
     * Gives the buffer back. A second call does nothing.
     *
     * @throws IllegalStateException if a write of the lease is pending; the lease stays open
     */
    @Override
    public void close() {
        if (buffer.release(generation)) {
            leases.closed(buffer, generation);
        }
        Reference.reachabilityFence(this);  // a lease that is being closed is not lost
    }

    /** The initiator of a write: from here to its retirement the bytes are the processor's. */
    void pin() {
        if (!buffer.pin(generation)) {
            throw closed();
        }
    }

    ReceiveBuffer pinned() {
        return buffer;
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("The lease is closed.");
    }
}
