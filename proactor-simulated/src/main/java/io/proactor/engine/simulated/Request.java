package io.proactor.engine.simulated;

import io.proactor.operation.AsynchronousOperation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a handle asks of the kernel, one thing at a time. Belongs to the handle for life. */
final class Request {

    /** What is asked for. */
    enum Kind { RECEIVE, SEND, CONNECT, READABLE }

    /** Who has asked. */
    interface Owner {
        /**
         * The request is over, and the buffer is the owner's again.
         *
         * @param result bytes, 0 where there is nothing to count or at the end of the stream, or an
         *     errno
         */
        void onResult(Kind kind, int result);
    }

    final Owner owner;
    Kind kind = Kind.READABLE;
    int fd = -1;
    @Nullable ByteBuffer buffer;                 // null exactly for CONNECT and READABLE
    int at;                                      // where in the buffer
    int length;
    @Nullable AsynchronousOperation operation;   // on whose behalf; it owns the buffer
    long token;                                  // names this life of the request to the kernel
    boolean underWay;                            // true exactly from submit to result
    boolean cancelling;                          // true exactly from cancel to result

    Request(Owner owner) {
        this.owner = owner;
    }

    void prepare(Kind kind, int fd, @Nullable AsynchronousOperation operation,
            @Nullable ByteBuffer buffer, int length) {
        assert !underWay;
        this.kind = kind;
        this.fd = fd;
        this.operation = operation;
        this.buffer = buffer;
        this.length = length;
        at = buffer == null ? 0 : buffer.position();
    }

    /** The loop. Tells the owner. */
    void end(int result) {
        if (!underWay) {
            throw new Violation("A result came for a request that is not under way.");
        }
        underWay = false;
        cancelling = false;
        buffer = null;
        operation = null;
        owner.onResult(kind, result);
    }
}
