package io.proactor.samples.proxy;

import io.proactor.ComposedOperation;
import io.proactor.Pipe;
import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.Timer;
import io.proactor.samples.cli.HostAndPort;
import io.proactor.samples.cli.LimitedLog;
import io.proactor.samples.cli.OneSentence;
import java.lang.System.Logger.Level;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the proxy: it connects to the server, pipes both ways until both streams have
 * ended or one has failed, and closes both sockets.
 */
final class ProxySession implements CompletionHandler<StreamSocket, HostAndPort> {

    /** A line for each client would let clients write the log. */
    private static final LimitedLog REFUSED =
            new LimitedLog(System.getLogger("io.proactor.samples"), Level.WARNING);

    private final Proactor proactor;
    private final StreamSocket client;
    private final ProxyLimits limits;

    ProxySession(Proactor proactor, StreamSocket client, ProxyLimits limits) {
        this.proactor = proactor;
        this.client = client;
        this.limits = limits;
    }

    void start(HostAndPort to) {
        try {
            proactor.connector().connect(to.host(), to.port(), limits.connect().toNanos(),
                    TimeUnit.NANOSECONDS, to, this);
        } catch (RejectedExecutionException e) {
            client.close();  // The proxy is about to end.
        }
    }

    @Override
    public void completed(StreamSocket server, HostAndPort to) {
        Piping piping = null;
        boolean begun = false;
        try {
            piping = new Piping(server);
            piping.start();
            begun = true;
        } catch (RejectedExecutionException e) {
            // The proxy is about to end.
        } finally {
            if (!begun) {
                server.close();
                client.close();
                if (piping != null) {
                    piping.clock.close();
                }
            }
        }
    }

    @Override
    public void failed(Throwable cause, HostAndPort to) {
        REFUSED.log(() -> "Cannot connect to " + to + ": " + OneSentence.sentence(cause));
        client.close();
    }

    /** Both pipes, and the clock that looks whether anything comes through them. */
    private final class Piping implements CompletionHandler<Pipe.Moved, @Nullable Void> {
        private final StreamSocket server;
        private final Pipe forth;
        private final Pipe back;
        private final Timer clock;
        private long movedBefore = -1;  // what the last tick saw; the clock's handlers only

        Piping(StreamSocket server) {
            this.server = server;
            forth = new Pipe(client, server);
            back = new Pipe(server, client);
            clock = proactor.newTimer();
        }

        void start() {
            ComposedOperation running = Pipe.startBoth(forth, back, null, this);
            if (!limits.idle().isZero()) {
                long nanos = limits.idle().toNanos();
                clock.scheduleRepeatedly(nanos, nanos, TimeUnit.NANOSECONDS, running, new Ticks());
            }
        }

        @Override
        public void completed(Pipe.Moved moved, @Nullable Void nothing) {
            end();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void nothing) {
            end();  // Whoever is still there learns it by the end of the stream.
        }

        private void end() {
            clock.close();
            client.close();
            server.close();
        }

        private final class Ticks implements CompletionHandler<@Nullable Void, ComposedOperation> {
            @Override
            public void completed(@Nullable Void result, ComposedOperation running) {
                long moved = forth.bytesMoved() + back.bytesMoved();
                if (moved == movedBefore) {
                    running.cancel();
                }
                movedBefore = moved;
            }

            @Override
            public void failed(Throwable cause, ComposedOperation running) {
                // The session has ended.
            }
        }
    }
}
