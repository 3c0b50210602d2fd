package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has of the kernel: a ring with the requests in it, and the buffers that the kernel
 * picks from. Opened by any thread; from {@link #enable} on the loop's.
 */
final class LoopRing implements AutoCloseable {

    /** How long the end waits for requests that were cancelled; they need microseconds. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Ring ring;
    private final Requests requests;
    private final @Nullable PickedBuffers buffers;
    private boolean enabled;

    LoopRing(Ring ring, Requests requests, @Nullable PickedBuffers buffers) {
        this.ring = ring;
        this.requests = requests;
        this.buffers = buffers;
    }

    void enable(WakeUp wakeUp) throws SystemCallException {
        ring.enable();
        enabled = true;
        wakeUp.arm(requests);
    }

    boolean enabled() {
        return enabled;
    }

    Requests requests() {
        return requests;
    }

    @Nullable PickedBuffers buffers() {
        return buffers;
    }

    /** Returns whether there is anything to do besides waiting. */
    boolean due() {
        return requests.completionsReady() || buffers != null && buffers.starving();
    }

    /** Tells the requesters what has come, and gives the kernel back the buffers that came. */
    void complete() {
        requests.complete();
        if (buffers != null) {
            buffers.publish();
        }
    }

    /** Ends all that is in flight, for as long as that may take; what is left then is leaked. */
    void settle(WakeUp wakeUp) {
        if (!enabled) {
            return;
        }
        wakeUp.disarm();
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while (requests.inFlight() > 0 && System.nanoTime() - deadline < 0) {
            requests.cancelAll();
            requests.submitAndWait(TimeUnit.MILLISECONDS.toNanos(10));
            requests.complete();
        }
        requests.submit();  // what is to be closed
        requests.complete();
    }

    @Override
    public void close() {
        boolean quiet = requests.inFlight() == 0;
        requests.close();
        if (buffers != null) {
            if (quiet) {
                buffers.close();
            } else {
                Leaked.keep(buffers);
            }
        }
    }
}
