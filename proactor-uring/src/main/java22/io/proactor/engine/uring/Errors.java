package io.proactor.engine.uring;

import io.proactor.ResetByPeerException;
import io.proactor.TransferFailedException;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;

/**
 * The one table that turns error numbers into the failures that handlers and callers are told. What
 * is not written here was not expected; it is told with the number and the call.
 */
final class Errors {

    private Errors() {}

    /** The failure of a receive or a send after {@code bytesMoved}. */
    static IOException transfer(String call, int errno, long bytesMoved) {
        SystemCallException cause = SystemCallException.told(call, errno);
        return switch (errno) {
            case Errno.ECONNRESET, Errno.EPIPE, Errno.ECONNABORTED ->
                    new ResetByPeerException(bytesMoved, cause);
            case Errno.EIO -> failed("Input/output error", bytesMoved, cause);
            case Errno.ENOBUFS -> failed("No buffer space available", bytesMoved, cause);
            case Errno.ENOMEM -> failed("Cannot allocate memory", bytesMoved, cause);
            case Errno.ETIMEDOUT -> failed("Connection timed out", bytesMoved, cause);
            case Errno.EHOSTUNREACH -> failed("No route to host", bytesMoved, cause);
            case Errno.ENETDOWN -> failed("Network is down", bytesMoved, cause);
            case Errno.ENETUNREACH -> failed("Network is unreachable", bytesMoved, cause);
            default -> new TransferFailedException(bytesMoved, cause);
        };
    }

    private static IOException failed(String words, long bytesMoved, SystemCallException cause) {
        return new TransferFailedException(bytesMoved, new IOException(words, cause));
    }

    /** The failure of a connect. Its words are those of the JDK's channels. */
    static IOException connect(int errno, SocketAddress remote) {
        IOException failure = switch (errno) {
            case Errno.ECONNREFUSED -> new ConnectException("Connection refused: " + remote);
            case Errno.ETIMEDOUT -> new ConnectException("Connection timed out: " + remote);
            case Errno.ENETUNREACH -> new ConnectException("Network is unreachable: " + remote);
            case Errno.ENETDOWN -> new ConnectException("Network is down: " + remote);
            case Errno.ECONNRESET, Errno.ECONNABORTED ->
                    new ConnectException("Connection reset while connecting: " + remote);
            case Errno.EHOSTUNREACH, Errno.EHOSTDOWN ->
                    new NoRouteToHostException("No route to host: " + remote);
            case Errno.EADDRNOTAVAIL, Errno.EADDRINUSE ->
                    new BindException("No local address can be had for " + remote);
            default -> new ConnectException("Cannot connect to " + remote);
        };
        failure.initCause(SystemCallException.told("connect", errno));
        return failure;
    }

    /** The failure of an accept; what comes of the listener is the governor's to decide. */
    static IOException accept(int errno) {
        SystemCallException cause = SystemCallException.told("accept", errno);
        return switch (errno) {
            // The governor knows by these words that one connection went wrong by itself.
            case Errno.ECONNABORTED -> new IOException("Software caused connection abort", cause);
            case Errno.EPROTO -> new IOException("Protocol error", cause);
            case Errno.ECONNRESET -> new IOException("Connection reset", cause);
            case Errno.ENETDOWN -> new IOException("Network is down", cause);
            case Errno.ENETUNREACH -> new IOException("Network is unreachable", cause);
            case Errno.EHOSTUNREACH -> new IOException("No route to host", cause);
            case Errno.EHOSTDOWN -> new IOException("Host is down", cause);
            case Errno.EMFILE -> new IOException("Too many open files", cause);
            case Errno.ENFILE -> new IOException("Too many open files in system", cause);
            default -> cause;
        };
    }

    /** The failure to open a listener. */
    static IOException listen(String call, int errno, SocketAddress local) {
        IOException failure = switch (errno) {
            case Errno.EADDRINUSE -> new BindException("Address already in use: " + local);
            case Errno.EADDRNOTAVAIL ->
                    new BindException("Cannot assign requested address: " + local);
            case Errno.EACCES -> new BindException("Permission denied: " + local);
            default -> new IOException("Cannot listen on " + local + ".");
        };
        failure.initCause(new SystemCallException(call, errno));
        return failure;
    }
}
