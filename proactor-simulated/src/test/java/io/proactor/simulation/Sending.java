package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.StreamSocket;
import io.proactor.operation.OperationFailure;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One end sends all that it has to say, in pieces of which some are cancelled or time out, and goes
 * on exactly where those say that they have come to.
 */
final class Sending {

    private static final int PIECE_MAX = 60;

    private final Simulation simulation;
    private final StreamSocket socket;
    private final Bytes bytes;
    private final Runnable done;
    private final Runnable broken;
    private int sent;
    private int under;  // writes that are under way

    Sending(Simulation simulation, StreamSocket socket, Bytes bytes, Runnable done,
            Runnable broken) {
        this.simulation = simulation;
        this.socket = socket;
        this.bytes = bytes;
        this.done = done;
        this.broken = broken;
    }

    void next() {
        int left = bytes.total() - sent;
        if (left == 0) {
            socket.shutdownOutput();
            done.run();
            return;
        }
        int pieces = 1 + simulation.draw(3);
        boolean alone = pieces == 1;
        int from = sent;
        under = 1;  // so that none ends them all while they are begun
        for (int i = 0; i < pieces && left > 0; i++) {
            int count = 1 + simulation.draw(Math.min(left, PIECE_MAX));
            under++;
            begin(from, count, alone);
            from += count;
            left -= count;
        }
        under--;
    }

    private void begin(int from, int count, boolean alone) {
        ByteBuffer piece = bytes.from(from, count);
        long timeout = alone && simulation.draw(3) == 0 ? 1 + simulation.draw(3_000_000) : 0;
        Written handler = new Written(piece, count);
        if (alone && simulation.draw(2) == 0) {
            int cut = simulation.draw(count);
            ByteBuffer[] parts = {piece.slice(0, cut), piece.slice(cut, count - cut)};
            handler.id = socket.write(parts, timeout, TimeUnit.NANOSECONDS, null, handler);
        } else {
            handler.id = socket.write(piece, timeout, TimeUnit.NANOSECONDS, null, handler);
        }
        if (simulation.draw(4) == 0) {
            Medley.cancelLater(simulation, socket, handler.id, () -> !handler.over, alone);
        }
    }

    private final class Written implements CompletionHandler<Integer, @Nullable Void> {
        private final ByteBuffer piece;
        private final int count;
        private long id;
        private boolean over;

        Written(ByteBuffer piece, int count) {
            this.piece = piece;
            this.count = count;
        }

        @Override
        public void completed(Integer moved, @Nullable Void none) {
            assertThat(moved).isEqualTo(count);
            end(moved);
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            end((int) ((OperationFailure) cause).bytesMoved());
            if (!(cause instanceof OperationCancelledException)
                    && !(cause instanceof OperationTimedOutException)) {
                broken.run();
            }
        }

        private void end(int moved) {
            assertThat(over).as("a handler is called once").isFalse();
            over = true;
            sent += moved;
            for (int i = 0; i < piece.capacity(); i++) {
                piece.put(i, (byte) '!');  // it is ours again, and may be used for anything
            }
            if (--under == 0 && socket.isOpen()) {
                next();
            }
        }
    }
}
