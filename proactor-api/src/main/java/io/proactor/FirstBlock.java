package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The wait for the first bytes of a connection, as AcceptEx does with a receive length. The buffer
 * is made when they are there: a client that stays silent costs a slot until its deadline, and no
 * memory.
 *
 * <p>Threads: the acceptor's handler, then the socket's, and again the acceptor's, whose handlers
 * do not overlap.
 */
final class FirstBlock<A extends @Nullable Object> {

    private final Accepts accepts;
    private final StreamSocket socket;
    private final ListenOptions options;
    private final long acceptId;
    private final A attachment;
    private final Accepts.Delivery<A> delivery;

    FirstBlock(Accepts accepts, StreamSocket socket, ListenOptions options, long acceptId,
            A attachment, Accepts.Delivery<A> delivery) {
        this.accepts = accepts;
        this.socket = socket;
        this.options = options;
        this.acceptId = acceptId;
        this.attachment = attachment;
        this.delivery = delivery;
    }

    void begin() {
        try {
            socket.waitReadable(options.firstBlockLimit().toNanos(), TimeUnit.NANOSECONDS, null,
                    new Waiting());
        } catch (RejectedExecutionException e) {
            end(new ProactorShutdownException(0));
        } catch (Throwable thrown) {
            accepts.threw(thrown, acceptId, socket);
            end(thrown);
        }
    }

    private final class Waiting implements CompletionHandler<@Nullable Void, @Nullable Void> {
        @Override
        public void completed(@Nullable Void result, @Nullable Void none) {
            try {
                ByteBuffer block = ByteBuffer.allocate(options.receiveLength());
                socket.read(block, null, new Reading(block));
            } catch (RejectedExecutionException e) {
                end(new ProactorShutdownException(0));
            } catch (Throwable thrown) {
                accepts.threw(thrown, acceptId, socket);
                end(thrown);
            }
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            if (cause instanceof OperationTimedOutException) {
                accepts.silent();
            }
            end(cause);
        }
    }

    private final class Reading implements CompletionHandler<Integer, @Nullable Void> {
        private final ByteBuffer block;

        Reading(ByteBuffer block) {
            this.block = block;
        }

        @Override
        public void completed(Integer count, @Nullable Void none) {
            // A client that only ended its side is a connection too: its block is empty, and the
            // next read tells of the end again.
            Accepted accepted = new Accepted(socket, address(socket.localAddress()),
                    address(socket.remoteAddress()), block.flip());
            accepts.inOrder(() -> accepts.complete(accepted, acceptId, attachment, delivery));
        }

        @Override
        public void failed(Throwable cause, @Nullable Void none) {
            end(cause);
        }
    }

    /** The connection is given up. Only the end of the proactor is told in place of another. */
    private void end(Throwable cause) {
        socket.close();
        Throwable told = cause instanceof ProactorShutdownException ? cause : null;
        accepts.inOrder(() -> delivery.none(told, attachment));
    }

    private static java.net.SocketAddress address(java.net.@Nullable SocketAddress address) {
        assert address != null : "the socket is connected";
        return address;
    }
}
