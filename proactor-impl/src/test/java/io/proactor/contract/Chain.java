package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.StreamSocket;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Reads of one byte, each initiated by the handler of the one before: so many at least, and on
 * until the chain may end.
 */
final class Chain implements CompletionHandler<Integer, Void> {

    private final StreamSocket socket;
    private final BooleanSupplier mayEnd;
    private final ByteBuffer target = ByteBuffer.allocateDirect(1);
    private final CountDownLatch over = new CountDownLatch(1);

    // The handlers of one socket never overlap; volatile for the test, and in case they do.
    private volatile int left;
    private volatile int depth;
    private volatile int deepest;
    private volatile Throwable cause;

    Chain(StreamSocket socket, int length, BooleanSupplier mayEnd) {
        this.socket = socket;
        this.mayEnd = mayEnd;
        left = length;
    }

    /** Initiates the first read. */
    void start() {
        socket.read(target.clear(), null, this);
    }

    /** Waits for the last handler; the bytes are the peer's to send. */
    void await() throws InterruptedException {
        assertThat(over.await(6 * Until.PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the chain is through; %s reads left", left).isTrue();
        assertThat(cause).isNull();
    }

    /** Returns true once the last handler has been called. */
    boolean over() {
        return over.getCount() == 0;
    }

    /** Returns how many handlers were on one stack at most. */
    int deepest() {
        return deepest;
    }

    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField")  // one handler at a time
    public void completed(Integer count, Void attachment) {
        depth++;
        deepest = Math.max(deepest, depth);
        left--;
        if (count != 1) {
            failed(new AssertionError("a read of one byte yielded " + count), attachment);
        } else if (left <= 0 && mayEnd.getAsBoolean()) {
            over.countDown();
        } else {
            start();
        }
        depth--;
    }

    @Override
    public void failed(Throwable failure, Void attachment) {
        cause = failure;
        over.countDown();
    }
}
