package io.proactor.contract;

import io.proactor.Accepted;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Bodies of handlers that several tests have. */
final class Keep {

    private Keep() {}

    /** Has each accepted connection closed after the test. */
    static Consumer<Recorder<Accepted>> accepted(Bench bench) {
        return call -> call.ifCompleted(accepted -> bench.keep(accepted.socket()));
    }

    /** Reads one byte and writes it back. */
    static void echoOnce(StreamSocket socket, Bench bench) {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        Recorder<Integer> read = bench.recorder(call -> call.ifCompleted(count -> {
            if (count > 0) {
                socket.write(buffer.flip(), null, bench.recorder());
            }
        }));
        bench.keep(socket).read(buffer, null, read);
    }
}
