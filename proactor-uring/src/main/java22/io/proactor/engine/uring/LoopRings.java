package io.proactor.engine.uring;

import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.RingFactory;
import io.proactor.engine.uring.ffm.SystemCallException;
import org.jspecify.annotations.Nullable;

/** Opens what a loop has of the kernel. Any thread. */
final class LoopRings {

    private final RingFactory factory;
    private final Features features;

    LoopRings(RingFactory factory, Features features) {
        this.factory = factory;
        this.features = features;
    }

    /** What may be used of the kernel. */
    Features features() {
        return features;
    }

    /** Opens a ring, whose receives are given the loop's buffers. */
    LoopRing open(ReceiveBuffers pool) throws SystemCallException {
        Ring ring = factory.open(Requests.SUBMISSION_ENTRIES, Requests.COMPLETION_ENTRIES,
                features.setupFlags());
        PickedBuffers buffers = null;
        Requests requests = null;
        try {
            buffers = features.buffers() ? new PickedBuffers(ring, pool.limits(), pool,
                    features.multishot()) : null;
            requests = new Requests(ring);
        } finally {
            if (requests == null) {
                abandon(ring, buffers);
            }
        }
        return new LoopRing(ring, requests, buffers);
    }

    private static void abandon(Ring ring, @Nullable PickedBuffers buffers) {
        ring.close();
        if (buffers != null) {
            buffers.close();
        }
    }
}
