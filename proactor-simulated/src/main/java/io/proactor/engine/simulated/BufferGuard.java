package io.proactor.engine.simulated;

import io.proactor.operation.AsynchronousOperation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's hand on a buffer, from the submission of a request to its result. What is to be read
 * into is filled with rubbish meanwhile, and what is to be written is remembered; so whoever
 * touches the buffer in between, or was given it back, is found out.
 */
final class BufferGuard {

    /** Of the beginning of each buffer: enough to see, and cheap. */
    private static final int GUARDED_BYTES = 64;

    private final Request.Kind kind;
    private final @Nullable ByteBuffer buffer;
    private final @Nullable AsynchronousOperation operation;
    private final long id;
    private final int at;
    private final byte[] before;
    private final byte[] during;

    BufferGuard(Request request, Choices choices) {
        kind = request.kind;
        buffer = request.buffer;
        operation = request.operation;
        id = operation == null ? 0 : operation.id();
        at = request.at;
        before = new byte[buffer == null ? 0 : Math.min(request.length, GUARDED_BYTES)];
        during = before.clone();
        if (buffer != null) {
            buffer.get(at, before);
            if (kind == Request.Kind.RECEIVE) {
                long rubbish = choices.any();
                for (int i = 0; i < during.length; i++) {
                    during[i] = (byte) (rubbish >>> 8 * (i & 7));
                }
                buffer.put(at, during);
            } else {
                System.arraycopy(before, 0, during, 0, before.length);
            }
        }
    }

    /** The kernel lets go, and is about to read or write the buffer for the last time. */
    void release() {
        AsynchronousOperation owner = operation;
        if (owner != null && (owner.id() != id || !owner.pending())) {
            throw new Violation("The kernel still had the buffer of a " + kind
                    + " when its operation was completed: " + owner);
        }
        if (buffer == null) {
            return;
        }
        byte[] now = new byte[during.length];
        buffer.get(at, now);
        if (!java.util.Arrays.equals(now, during)) {
            throw new Violation("The kernel had the buffer of a " + kind + ", and it was written.");
        }
        if (kind == Request.Kind.RECEIVE) {
            buffer.put(at, before);
        }
    }
}
