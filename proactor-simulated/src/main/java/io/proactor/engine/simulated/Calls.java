package io.proactor.engine.simulated;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The call that a request stands for. */
final class Calls {

    private Calls() {}

    /** Returns what the request would end with now, EAGAIN if it would wait. */
    static int perform(World world, OpenFile file, Request.Kind kind, @Nullable ByteBuffer buffer,
            int at, int length) {
        return switch (kind) {
            case RECEIVE -> ((Endpoint) file).receive(given(buffer), at, length);
            case SEND -> ((Endpoint) file).send(given(buffer), at, length);
            case CONNECT -> ((Endpoint) file).connectResult();
            case READABLE -> file.readable() ? 0 : Errno.EAGAIN;
        };
    }

    private static ByteBuffer given(@Nullable ByteBuffer buffer) {
        assert buffer != null;
        return buffer;
    }
}
