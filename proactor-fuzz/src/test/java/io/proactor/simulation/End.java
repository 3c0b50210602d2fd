package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.EndOfStreamException;
import io.proactor.Lease;
import io.proactor.StreamSocket;
import io.proactor.operation.OperationFailure;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One end of a connection, and what can be done with it without misuse. */
final class End {

    private static final byte[] NEWLINE = {'\n'};
    private static final int ROOM_MAX = 40;
    private static final int WRITES_MAX = 6;

    private final Lives lives;
    private final Simulation simulation;
    private final StreamSocket socket;
    private final boolean client;
    private final Conversation.Direction out;
    private final Conversation.Direction in;
    private @Nullable Life read;  // the latest
    private int writes;           // that are not over
    private boolean leaving;

    End(Lives lives, StreamSocket socket, Conversation conversation, boolean client) {
        this.lives = lives;
        this.socket = socket;
        this.client = client;
        simulation = lives.simulation();
        out = conversation.from(client);
        in = conversation.from(!client);
    }

    void move() {
        if (leaving) {
            return;
        }
        switch (simulation.draw(12)) {
            case 0 -> socket.shutdownOutput();
            case 1 -> close();
            case 2 -> disconnect();
            case 3, 4, 5, 6, 7 -> {
                if (read == null || read.over()) {
                    read();
                }
            }
            default -> {
                if (writes < WRITES_MAX) {
                    write();
                }
            }
        }
    }

    void close() {
        socket.close();
        leave();
    }

    private void leave() {
        leaving = true;
        lives.over(this);
    }

    private void disconnect() {
        if (read != null && !read.over()) {
            return;
        }
        leave();
        long limit = lives.drawTimeout();
        Life life = new Life(lives, socket, limit, same -> {
            assertThat(same).isSameAs(socket);
            if (client) {
                lives.left(socket);
            }
        }, cause -> { });
        life.mayBeCancelled();  // its parts are, by cancelAll
        lives.begin(life, () -> {
            socket.disconnect(limit, TimeUnit.NANOSECONDS, null, life);
            return 0;
        });
    }

    // ---- Reading ------------------------------------------------------------------------------

    private void read() {
        long timeout = lives.drawTimeout();
        ByteBuffer target = ByteBuffer.allocate(1 + simulation.draw(ROOM_MAX));
        int kind = simulation.draw(5);
        Life life = new Life(lives, socket, timeout, result -> {
            if (result instanceof Lease lease) {
                received(lease);
            } else if (result instanceof Integer count && count >= 0) {
                assertThat(target.position()).isEqualTo(count);
                in.heard(target, 0, count);
            } else if (kind < 4) {
                in.end();
            }
        }, cause -> {
            int count = (int) ((OperationFailure) cause).bytesMoved();
            in.heard(target, 0, count);
            if (cause instanceof EndOfStreamException) {
                in.end();
            }
        });
        read = life;
        lives.begin(life, () -> switch (kind) {
            case 0 -> socket.read(target, timeout, TimeUnit.NANOSECONDS, null, life);
            case 1 -> socket.readExactly(target, timeout, TimeUnit.NANOSECONDS, null, life);
            case 2 -> socket.readUntil(target, NEWLINE, timeout, TimeUnit.NANOSECONDS, null, life);
            case 3 -> socket.receive(ROOM_MAX, timeout, TimeUnit.NANOSECONDS, null, life);
            default -> socket.waitReadable(timeout, TimeUnit.NANOSECONDS, null, life);
        });
    }

    private void received(Lease lease) {
        ByteBuffer leased = lease.buffer();
        in.heard(leased, leased.position(), leased.remaining());
        lives.received(lease);
    }

    // ---- Writing ------------------------------------------------------------------------------

    private void write() {
        long timeout = lives.drawTimeout();
        ByteBuffer source = ByteBuffer.allocate(simulation.draw(ROOM_MAX));
        for (int i = 0; i < source.capacity(); i++) {
            source.put(i, (byte) (simulation.draw(8) == 0 ? '\n' : 'a' + simulation.draw(26)));
        }
        int number = out.begin(source);
        writes++;
        Life life = new Life(lives, socket, timeout, moved -> {
            assertThat(moved).isEqualTo(source.capacity());
            wrote(number, source.capacity());
        }, cause -> wrote(number, ((OperationFailure) cause).bytesMoved()));
        lives.begin(life, () -> socket.write(source, timeout, TimeUnit.NANOSECONDS, null, life));
    }

    private void wrote(int number, long bytes) {
        writes--;
        out.wrote(number, bytes);
    }
}
