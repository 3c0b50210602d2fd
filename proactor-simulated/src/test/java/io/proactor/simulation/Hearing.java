package io.proactor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.Lease;
import io.proactor.OperationCancelledException;
import io.proactor.OperationTimedOutException;
import io.proactor.StreamSocket;
import io.proactor.operation.OperationFailure;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One end reads all that the other has to say, in every way that there is; some reads are cancelled
 * or time out, and none loses a byte.
 */
final class Hearing {

    private static final byte[] NEWLINE = {'\n'};

    private final Simulation simulation;
    private final StreamSocket socket;
    private final Bytes bytes;
    private final Runnable done;
    private final Runnable broken;
    private int heard;

    Hearing(Simulation simulation, StreamSocket socket, Bytes bytes, Runnable done,
            Runnable broken) {
        this.simulation = simulation;
        this.socket = socket;
        this.bytes = bytes;
        this.done = done;
        this.broken = broken;
    }

    void next() {
        long timeout = simulation.draw(3) == 0 ? 1 + simulation.draw(3_000_000) : 0;
        ByteBuffer target = ByteBuffer.allocate(1 + simulation.draw(50));
        target.position(simulation.draw(target.capacity()));
        Read handler = new Read(target);
        switch (simulation.draw(5)) {
            case 0 -> handler.id = socket.read(target, timeout, TimeUnit.NANOSECONDS, null,
                    handler);
            case 1 -> handler.id = socket.readAtLeast(target, simulation.draw(
                    target.remaining() + 1), timeout, TimeUnit.NANOSECONDS, null, handler);
            case 2 -> handler.id = socket.readUntil(target, NEWLINE, timeout,
                    TimeUnit.NANOSECONDS, null, handler);
            case 3 -> handler.id = socket.receive(1 + simulation.draw(70), timeout,
                    TimeUnit.NANOSECONDS, null, new Received(handler));
            default -> handler.id = socket.waitReadable(timeout, TimeUnit.NANOSECONDS, null,
                    new Readable(handler));
        }
        if (simulation.draw(4) == 0) {
            Medley.cancelLater(simulation, socket, handler.id, () -> !handler.over, true);
        }
    }

    private void take(ByteBuffer from, int at, int count) {
        bytes.check(heard, from, at, count);
        heard += count;
        assertThat(heard).isLessThanOrEqualTo(bytes.total());
    }

    private void atEnd() {
        assertThat(heard).as("bytes before the end of the stream").isEqualTo(bytes.total());
        done.run();
    }

    private final class Read implements CompletionHandler<Integer, @Nullable Void> {
        private final ByteBuffer target;
        private final int start;
        private long id;
        private boolean over;

        Read(ByteBuffer target) {
            this.target = target;
            start = target.position();
        }

        void end() {
            assertThat(over).as("a handler is called once").isFalse();
            over = true;
        }

        @Override
        public void completed(Integer count, @Nullable Void none) {
            end();
            if (count < 0) {
                atEnd();
            } else {
                assertThat(target.position() - start).isEqualTo(count);
                take(target, start, count);
                next();
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            end();
            int count = (int) ((OperationFailure) cause).bytesMoved();
            take(target, start, count);
            if (cause instanceof EndOfStreamException) {
                atEnd();
            } else if (cause instanceof OperationCancelledException
                    || cause instanceof OperationTimedOutException
                    || cause instanceof DelimiterNotFoundException) {
                next();
            } else {
                broken.run();
            }
        }
    }

    private record Readable(Read read) implements CompletionHandler<@Nullable Void, Object> {
        @Override
        public void completed(@Nullable Void result, Object none) {
            read.completed(0, null);
        }

        @Override
        public void failed(Throwable cause, Object none) {
            read.failed(cause, null);
        }
    }

    private final class Received implements CompletionHandler<@Nullable Lease, @Nullable Void> {
        private final Read read;

        Received(Read read) {
            this.read = read;
        }

        @Override
        public void completed(@Nullable Lease lease, @Nullable Void none) {
            read.end();
            if (lease == null) {
                atEnd();
                return;
            }
            ByteBuffer leased = lease.buffer();
            take(leased, leased.position(), leased.remaining());
            if (simulation.draw(3) == 0) {
                simulation.later(Duration.ofNanos(simulation.draw(1_000_000)), lease::close);
            } else {
                lease.close();
            }
            next();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            read.failed(cause, none);
        }
    }
}
