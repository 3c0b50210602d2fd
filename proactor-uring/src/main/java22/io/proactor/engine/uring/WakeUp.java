package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Cqe;
import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * Ends a loop's wait for completions: an event descriptor on which the ring keeps a poll. Each
 * write to it is a completion, so its count need never be read.
 */
final class WakeUp implements Requester {

    // -1 exactly from close. Guarded by this: a write must not reach a descriptor that was given
    // to somebody else in between.
    private int descriptor;

    // The loop's.
    private @Nullable Requests requests;

    WakeUp() throws SystemCallException {
        descriptor = SystemCalls.eventDescriptor();
        if (descriptor < 0) {
            throw new SystemCallException("eventfd", -descriptor);
        }
    }

    /** Any thread; at most once for each nap of the loop. */
    synchronized void signal() {
        if (descriptor >= 0) {
            SystemCalls.signal(descriptor);
        }
    }

    /** The loop, once for each ring. */
    void arm(Requests requests) {
        this.requests = requests;
        poll(requests);
    }

    private synchronized void poll(Requests requests) {
        requests.poll(this, descriptor, true);
    }

    /** The wake-up itself is all there is to it, unless the kernel has given up the poll. */
    @Override
    public void onCompletion(int result, int flags) {
        Requests requests = this.requests;
        if (!Cqe.more(flags) && requests != null) {
            poll(requests);
        }
    }

    @Override
    public void onFailure(Throwable cause) {
        throw new IllegalStateException("The loop cannot be woken any more.", cause);
    }

    /** The loop: the ring is about to be closed, so the poll is not renewed. */
    void disarm() {
        requests = null;
    }

    /** When the ring is closed. */
    synchronized void close() {
        if (descriptor >= 0) {
            SystemCalls.close(descriptor);
            descriptor = -1;
        }
    }
}
