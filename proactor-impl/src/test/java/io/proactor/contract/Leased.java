package io.proactor.contract;

import io.proactor.Lease;
import io.proactor.StreamSocket;
import java.nio.ByteBuffer;

/** Receives, and looks into leases. */
final class Leased {

    private Leased() {}

    /** Initiates a receive of any bytes. */
    static Recorder<Lease> receive(Bench bench, StreamSocket socket) {
        Recorder<Lease> receive = bench.recorder();
        socket.receive(null, receive);
        return receive;
    }

    /** Returns the bytes of a lease, which stay there. */
    static String text(Lease lease) {
        ByteBuffer bytes = lease.buffer();
        return Bytes.text(bytes.duplicate().position(bytes.limit()));
    }
}
