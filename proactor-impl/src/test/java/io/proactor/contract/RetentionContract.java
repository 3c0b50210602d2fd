package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.StreamSocket;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** T29: what an operation was given is given back, in memory too, while its socket lives on. */
interface RetentionContract extends Contract {

    @Test
    @DisplayName("T29 buffers, handlers and attachments of finished operations are garbage")
    default void finishedOperationsHoldNothing() throws Exception {
        Pair pair = bench().accepted();
        List<WeakReference<Object>> given = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(6);
        succeed(pair, given, ended);
        fail(pair, given, ended);
        Bench.pass(ended);
        // Another operation of each kind: what is left of the last one must not be what is seen.
        pair.roundTrips();
        assertThat(given).hasSize(6 * 3);
        Until.until("all that was given is garbage", () -> {
            System.gc();
            return given.stream().allMatch(reference -> reference.get() == null);
        });
        assertThat(pair.socket().isOpen()).isTrue();
    }

    /** In methods of their own, so that no local variable of the test holds what is given. */
    private static void succeed(Pair pair, List<WeakReference<Object>> given,
            CountDownLatch ended) throws Exception {
        StreamSocket socket = pair.socket();
        ByteBuffer out = ByteBuffer.allocate(1_000);
        socket.write(out, attach(given, out), handler(given, ended));
        ByteBuffer gathered = ByteBuffer.allocate(1_000);
        socket.write(new ByteBuffer[] {gathered}, attach(given, gathered), handler(given, ended));
        pair.peer().receiveBytes(2_000);
        CountDownLatch read = new CountDownLatch(1);
        ByteBuffer in = ByteBuffer.allocate(10);
        pair.peer().send(new byte[10]);
        CompletionHandler<Integer, Object> reading = handler(given, read);
        socket.readExactly(in, attach(given, in), reading);
        Bench.pass(read);
        ended.countDown();
    }

    private static void fail(Pair pair, List<WeakReference<Object>> given, CountDownLatch ended)
            throws Exception {
        StreamSocket socket = pair.socket();
        CountDownLatch cut = new CountDownLatch(1);
        ByteBuffer late = ByteBuffer.allocate(10);
        socket.read(late, 10, TimeUnit.MILLISECONDS, attach(given, late), handler(given, cut));
        Bench.pass(cut);
        ended.countDown();
        ByteBuffer cancelled = ByteBuffer.allocate(10);
        long id = socket.read(cancelled, attach(given, cancelled), handler(given, ended));
        socket.cancel(id);
        ByteBuffer empty = ByteBuffer.allocate(0);
        socket.write(empty, attach(given, empty), handler(given, ended));
    }

    private static Object attach(List<WeakReference<Object>> given, ByteBuffer buffer) {
        given.add(new WeakReference<>(buffer));
        Object attachment = new Object();
        given.add(new WeakReference<>(attachment));
        return attachment;
    }

    private static CompletionHandler<Integer, Object> handler(List<WeakReference<Object>> given,
            CountDownLatch ended) {
        CompletionHandler<Integer, Object> handler = new CompletionHandler<>() {
            @Override
            public void completed(Integer count, Object attachment) {
                ended.countDown();
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                ended.countDown();
            }
        };
        given.add(new WeakReference<>(handler));
        return handler;
    }
}
