package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Lease;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.SocketClosedException;
import io.proactor.StreamSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of the clients of {@link FaultStormTest}: talks to an echo server over one connection after
 * another, cuts its operations short at random, and looks at every byte.
 */
final class StormClient implements Callable<Void> {

    private static final int STEPS = 12;
    private static final int BYTES_MAX = 5_000;
    private static final int WRITES_MAX = 4;
    private static final int ATTEMPTS_MAX = 50;
    private static final byte CANARY = (byte) 0xDE;

    private final UringBench bench;
    private final SocketAddress server;
    private final SplittableRandom random;
    private final int connections;
    private final boolean lossy;  // true exactly if connections may be lost on the way

    // Of the connection that is there. The stream is what the peer must have got.
    private StreamSocket socket;
    private byte[] stream = new byte[0];
    private int sent;
    private int received;
    private final List<ByteBuffer> givenBack = new ArrayList<>();

    StormClient(UringBench bench, SocketAddress server, long seed, int connections,
            boolean lossy) {
        this.bench = bench;
        this.server = server;
        this.connections = connections;
        this.lossy = lossy;
        random = new SplittableRandom(seed);
        socket = bench.proactor().newSocket();
    }

    @Override
    public Void call() throws Exception {
        for (int i = 0; i < connections; i++) {
            socket = bench.keep(bench.proactor().newSocket());
            if (connect()) {
                converse();
            }
            socket.close();
            assertNobodyWrote();
        }
        return null;
    }

    /** Returns false if nobody is there any more. */
    private boolean connect() throws Exception {
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            Call<StreamSocket> connect = bench.call();
            long id = socket.connect(server, null, connect);
            if (random.nextInt(8) == 0) {
                socket.cancel(id);
            }
            if (connect.cause() == null) {
                return true;
            }
            if (!socket.isOpen()) {
                break;
            }
        }
        assertThat(lossy).as("nobody can be reached").isTrue();
        return false;
    }

    private void converse() throws Exception {
        stream = new byte[STEPS * BYTES_MAX];
        sent = 0;
        received = 0;
        for (int i = 0; i < STEPS; i++) {
            boolean alive = switch (random.nextInt(5)) {
                case 0, 1 -> write();
                case 2, 3 -> read(1 + random.nextInt(BYTES_MAX));
                default -> receive();
            };
            if (!alive) {
                return;
            }
        }
        if (random.nextInt(3) == 0) {
            closeMidway();
        } else {
            while (received < sent && read(sent - received)) {
                assertThat(received).isLessThanOrEqualTo(sent);
            }
        }
    }

    /** Up to four at once. What the peer gets is what each of them says that it has moved. */
    private boolean write() throws Exception {
        List<byte[]> bodies = new ArrayList<>();
        List<Call<Integer>> writes = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 1 + random.nextInt(WRITES_MAX); i > 0; i--) {
            byte[] body = new byte[1 + random.nextInt(BYTES_MAX / WRITES_MAX)];
            random.nextBytes(body);
            int first = random.nextInt(body.length + 1);
            ByteBuffer[] sources = {buffer(first).put(body, 0, first).flip(),
                buffer(body.length - first).put(body, first, body.length - first).flip()};
            Call<Integer> write = bench.call();
            ids.add(socket.write(sources, micros(), TimeUnit.MICROSECONDS, null, write));
            bodies.add(body);
            writes.add(write);
        }
        if (random.nextInt(4) == 0) {
            socket.cancel(ids.get(random.nextInt(ids.size())));
        }
        boolean alive = true;
        for (int i = 0; i < writes.size(); i++) {
            int moved = writes.get(i).moved();
            System.arraycopy(bodies.get(i), 0, stream, sent, moved);
            sent += moved;
            alive &= writes.get(i).cause() == null || cutShort(writes.get(i));
        }
        return alive;
    }

    /** Zero, which is never, as often as not. */
    private long micros() {
        return random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(2_000);
    }

    private boolean read(int room) throws Exception {
        ByteBuffer target = buffer(room);
        Call<Integer> read = bench.call();
        long micros = received < sent ? micros() : 1 + random.nextInt(1_000);
        boolean exactly = random.nextBoolean() && room <= sent - received;
        long id = exactly
                ? socket.readExactly(target, micros, TimeUnit.MICROSECONDS, null, read)
                : socket.read(target, micros, TimeUnit.MICROSECONDS, null, read);
        if (random.nextInt(6) == 0) {
            socket.cancel(id);
        }
        assertThat(read.moved()).isEqualTo(target.position());
        for (int i = 0; i < target.position(); i++) {
            assertThat(target.get(i)).as("byte %s", received).isEqualTo(stream[received++]);
        }
        assertThat(received).isLessThanOrEqualTo(sent);
        giveBack(target);
        if (read.cause() == null && target.position() == 0) {
            assertThat(lossy).as("the stream has ended").isTrue();
            return false;
        }
        return read.cause() == null || cutShort(read);
    }

    private boolean receive() throws Exception {
        Call<@Nullable Lease> receive = bench.call();
        long micros = received < sent ? micros() : 1 + random.nextInt(1_000);
        long id = socket.receive(1 + random.nextInt(BYTES_MAX), micros, TimeUnit.MICROSECONDS,
                null, receive);
        if (random.nextInt(6) == 0) {
            socket.cancel(id);
        }
        if (receive.cause() != null) {
            return cutShort(receive);
        }
        try (Lease lease = receive.value()) {
            if (lease == null) {
                assertThat(lossy).as("the stream has ended").isTrue();
                return false;
            }
            ByteBuffer bytes = lease.buffer();
            while (bytes.hasRemaining()) {
                assertThat(bytes.get()).as("byte %s", received).isEqualTo(stream[received++]);
            }
        }
        assertThat(received).isLessThanOrEqualTo(sent);
        return true;
    }

    private void closeMidway() throws Exception {
        Call<Integer> read = bench.call();
        Call<Integer> write = bench.call();
        ByteBuffer target = buffer(BYTES_MAX);
        socket.readExactly(target, null, read);
        socket.write(buffer(BYTES_MAX), null, write);
        socket.close();
        assertThat(read.moved()).isEqualTo(target.position());
        write.await();
        giveBack(target);
        if (!lossy && read.moved() < target.capacity()) {
            read.failure(SocketClosedException.class);
        }
    }

    /** True if this end has cut it short, so that the connection goes on. */
    private boolean cutShort(Call<?> call) throws Exception {
        Throwable cause = call.cause();
        boolean own = cause instanceof OperationCancelledException
                || cause instanceof OperationTimedOutException;
        if (!own && !lossy) {
            throw new AssertionError("The connection was lost.", cause);
        }
        return own;
    }

    private ByteBuffer buffer(int count) {
        return random.nextBoolean() ? ByteBuffer.allocateDirect(count)
                : ByteBuffer.allocate(count);
    }

    private void giveBack(ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, CANARY);
        }
        givenBack.add(buffer);
    }

    private void assertNobodyWrote() {
        for (ByteBuffer each : givenBack) {
            for (int i = 0; i < each.capacity(); i++) {
                assertThat(each.get(i)).as("a buffer that was given back").isEqualTo(CANARY);
            }
        }
        givenBack.clear();
    }
}
