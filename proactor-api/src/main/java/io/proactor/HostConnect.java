package io.proactor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first address of a host that answers: RFC 8305, "Happy Eyeballs".
 *
 * <pre>
 *   RESOLVING --addresses--> TRYING --an attempt succeeds--> over
 *       |                      |
 *       +- failure, deadline, -+---> over
 *          cancel, shutdown
 * </pre>
 *
 * <p>Its timer is pending all the time, or its handler is on the way: it starts the attempts that
 * are due and keeps the deadline. Whoever changes something from outside, the lookup and a cancel,
 * cancels the timer, so that its handler looks. So everything happens in handlers, and the shutdown
 * of the proactor, which ends timers, ends this too.
 *
 * <p>Threads: handlers of the timer and of the attempts, which may overlap; one lock keeps the
 * state, and is not held while the application's handler runs.
 */
final class HostConnect<A extends @Nullable Object> implements ComposedOperation {

    /** How long an attempt is alone before the next one joins it (RFC 8305, section 5). */
    private static final long ATTEMPT_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Proactor proactor;
    private final Timer timer;
    private final String host;
    private final int port;
    private final long deadlineNanos;  // as the processor counts; for ever is 146 years away
    private final A attachment;
    private final CompletionHandler<? super StreamSocket, ? super A> handler;

    // Guarded by this.
    private @Nullable List<InetAddress> addresses;   // not null from the end of RESOLVING
    private @Nullable Throwable lookupFailure;
    private int next;                                // index of the next address to be tried
    private long nextNanos;                          // when that is due, at the latest
    private final List<StreamSocket> attempts = new ArrayList<>();  // whose connect is pending
    private final List<Throwable> failures = new ArrayList<>();     // of attempts
    private boolean cancelled;                       // true exactly from the first cancel
    private boolean over;                            // true exactly from when the outcome is known

    HostConnect(Proactor proactor, String host, int port, long timeoutNanos, A attachment,
            CompletionHandler<? super StreamSocket, ? super A> handler) {
        this.proactor = proactor;
        this.host = host;
        this.port = port;
        this.attachment = attachment;
        this.handler = handler;
        timer = proactor.newTimer();
        long nanos = timeoutNanos <= 0 ? Long.MAX_VALUE : timeoutNanos;
        nextNanos = nanoTime();
        deadlineNanos = nextNanos + Math.min(nanos, Long.MAX_VALUE >> 1);
    }

    /** The initiator. */
    ComposedOperation begin(Resolver resolver, Lookups lookups) {
        boolean begun = false;
        try {
            schedule(deadlineNanos);  // first: the end of the lookup must find the timer pending
            lookups.run(() -> lookUp(resolver),
                    timer.context());
            begun = true;
        } finally {
            if (!begun) {
                synchronized (this) {
                    over = true;
                }
                timer.close();
            }
        }
        return this;
    }

    private long nanoTime() {
        return timer.context().nanoTime();
    }

    private void schedule(long momentNanos) {
        timer.schedule(momentNanos - nanoTime(), TimeUnit.NANOSECONDS, null, new Tick());
    }

    // ---- Resolving ----------------------------------------------------------------------------

    /** The lookup's thread. It calls no handler: that is the business of the timer's. */
    private void lookUp(Resolver resolver) {
        if (isOver()) {
            return;
        }
        List<InetAddress> found = List.of();
        Throwable failure = null;
        try {
            found = AddressOrder.interleaved(resolver.resolve(host));
            if (found.isEmpty()) {
                failure = new UnknownHostException(host + " has no address.");
            }
        } catch (Throwable e) {
            failure = e;  // whatever it is, the initiator waits to hear of it
        }
        synchronized (this) {
            addresses = found;
            lookupFailure = failure;
        }
        timer.cancel();
    }

    private synchronized boolean isOver() {
        return over;
    }

    @Override
    public boolean cancel() {
        synchronized (this) {
            if (over || cancelled) {
                return false;
            }
            cancelled = true;
        }
        timer.cancel();
        return true;
    }

    // ---- Trying -------------------------------------------------------------------------------

    /** What the timer's handler does, whatever it was called for. */
    private void onTick() {
        Throwable end;
        synchronized (this) {
            if (over) {
                return;
            }
            end = advance();
            if (end == null) {
                boolean more = addresses != null && next < addresses.size();
                end = rescheduled(more && nextNanos - deadlineNanos < 0 ? nextNanos
                        : deadlineNanos);
            }
        }
        if (end != null) {
            end(end);
        }
    }

    /** With the lock. Returns why the timer cannot go on, or null. */
    private @Nullable Throwable rescheduled(long momentNanos) {
        try {
            schedule(momentNanos);
            return null;
        } catch (RejectedExecutionException e) {
            return new ProactorShutdownException(0);
        }
    }

    /** With the lock. Starts what is due. Returns the failure that ends the whole, or null. */
    private @Nullable Throwable advance() {
        if (cancelled) {
            return new OperationCancelledException(0);
        }
        if (nanoTime() - deadlineNanos >= 0) {
            return new OperationTimedOutException(0);
        }
        if (lookupFailure != null || addresses == null) {
            return lookupFailure;
        }
        while (next < addresses.size()
                && (attempts.isEmpty() || nanoTime() - nextNanos >= 0)) {
            InetSocketAddress remote = new InetSocketAddress(addresses.get(next++), port);
            try {
                attempt(remote);
            } catch (RejectedExecutionException e) {
                return new ProactorShutdownException(0);
            } catch (RuntimeException e) {
                failures.add(e);  // an address that the processor does not take
            }
        }
        return attempts.isEmpty() ? allFailed(addresses.size()) : null;
    }

    /** With the lock. */
    private Throwable allFailed(int count) {
        if (count == 1 && failures.get(0) instanceof IOException only) {
            return new ConnectException("Cannot connect to " + only.getMessage());
        }
        return new ConnectException("Cannot connect to any of the " + count + " addresses of "
                + host + ", port " + port + ".");
    }

    /** With the lock. No handler runs inside an initiation. */
    private void attempt(InetSocketAddress remote) {
        StreamSocket socket = proactor.newSocket();
        boolean initiated = false;
        try {
            socket.connect(remote, null, new Attempt(socket, remote));
            attempts.add(socket);
            nextNanos = nanoTime() + ATTEMPT_DELAY_NANOS;
            initiated = true;
        } finally {
            if (!initiated) {
                socket.close();
            }
        }
    }

    // ---- The end ------------------------------------------------------------------------------

    private void end(Throwable cause) {
        if (settle(null)) {
            failures.forEach(cause::addSuppressed);  // nothing is added any more
            handler.failed(cause, attachment);
        }
    }

    /** Closes all attempts but the winner's; true for the one who may call the handler. */
    private boolean settle(@Nullable StreamSocket winner) {
        List<StreamSocket> losers;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            attempts.remove(winner);
            losers = List.copyOf(attempts);
            attempts.clear();
        }
        losers.forEach(StreamSocket::close);
        timer.close();
        return true;
    }

    private final class Tick implements CompletionHandler<@Nullable Void, @Nullable Void> {
        @Override
        public void completed(@Nullable Void result, @Nullable Void nothing) {
            onTick();
        }

        @Override
        public void failed(Throwable cause, @Nullable Void nothing) {
            if (cause instanceof OperationCancelledException) {
                onTick();
            } else if (!(cause instanceof SocketClosedException)) {  // which we closed
                end(cause);
            }
        }
    }

    private final class Attempt implements CompletionHandler<StreamSocket, @Nullable Void> {
        private final StreamSocket socket;
        private final InetSocketAddress remote;

        Attempt(StreamSocket socket, InetSocketAddress remote) {
            this.socket = socket;
            this.remote = remote;
        }

        @Override
        public void completed(StreamSocket connected, @Nullable Void nothing) {
            if (settle(socket)) {
                handler.completed(socket, attachment);
            }  // else it was closed with the others
        }

        @Override
        public void failed(Throwable cause, @Nullable Void nothing) {
            socket.close();
            Throwable end;
            synchronized (HostConnect.this) {
                if (over) {
                    return;
                }
                attempts.remove(socket);
                IOException failure = new ConnectException(remote + ": " + cause.getMessage());
                failure.initCause(cause);
                failures.add(failure);
                end = cause instanceof ProactorShutdownException
                        ? new ProactorShutdownException(0) : advance();
            }
            if (end != null) {
                end(end);
            }
        }
    }
}
