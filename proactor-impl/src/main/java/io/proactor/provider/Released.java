package io.proactor.provider;

import io.proactor.spi.Handle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which a closed listener has given its address back. The processor closes it on its
 * own thread; but a program that closes one and binds the next to the same address must find it
 * free, as it does with the JDK's.
 */
final class Released {

    /** A turn of the loop takes microseconds. What takes longer is not worth waiting for. */
    private static final long AWAIT_SECONDS = 1;

    private Released() {}

    /** Any thread but the processor's. Keeps an interrupt for the caller. */
    static void await(Handle closed) {
        if (closed.terminated()) {
            return;
        }
        CountDownLatch released = new CountDownLatch(1);
        closed.onTermination(released::countDown);
        try {
            released.await(AWAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
