package io.proactor.spi;

import io.proactor.operation.ChannelFile;
import io.proactor.operation.FileSource;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Carries out asynchronous operations to their end, without borrowing a thread of the initiator's.
 *
 * <p>Threads: every method may be called by any thread.
 */
public interface AsynchronousOperationProcessor {

    /** Returns a handle for a connection that is yet to be made. No descriptor is opened. */
    StreamHandle openStream();

    /**
     * Opens a listener.
     *
     * @param backlog how many connections the system may keep until they are accepted; 0 for the
     *     system's own default
     * @throws IOException if the system refuses the address
     */
    ListenHandle listen(SocketAddress local, int backlog) throws IOException;

    /**
     * Opens a listener with the options of an initiator who wants the system's own for everything
     * else: neither the listener nor its connections get an option of the processor's choice.
     *
     * @param local null for any address and port
     * @param options are set before the listener is bound
     * @throws IOException if the system refuses the address or an option
     * @throws UnsupportedOperationException if the processor does not offer this
     */
    default ListenHandle listen(@Nullable SocketAddress local, int backlog,
            Map<SocketOption<?>, Object> options) throws IOException {
        throw new UnsupportedOperationException("This processor has no options for listeners.");
    }

    /**
     * Opens a regular file to be sent by the handles of this processor.
     *
     * @throws IOException if there is no such file, or it cannot be opened
     */
    default FileSource openFile(Path path) throws IOException {
        return new ChannelFile(FileChannel.open(path), true);
    }

    /** Returns a handle for one timer. */
    TimerHandle openTimer();

    /** Returns the dispatcher, for posted values and strands. */
    CompletionDispatcher dispatcher();

    /** Returns the words for the dispatcher that is in use: loop, pooled or executor. */
    String dispatcherName();

    /** True if the caller is a thread that runs handlers of this processor. */
    boolean dispatchesOnCurrentThread();

    /** True if a handler is running, or is about to because its operation was retired. */
    boolean dispatching();

    /**
     * Runs something that may block, from inside a handler, and lets another handler run meanwhile
     * where the dispatcher can.
     *
     * @throws Exception what {@code body} throws
     */
    <T> T blocking(Callable<T> body) throws Exception;

    /**
     * Begins to end: listeners close, pending timers and accepts end with the shutdown failure, and
     * so does each read that would have to wait, once nothing is left to write on its socket.
     * Writes, connects and the reads that find bytes go on. Returns at once.
     */
    void drain();

    /**
     * Ends every operation with the shutdown failure and closes every handle. Initiations have been
     * refused from before this call. Returns at once.
     */
    void abort();

    /**
     * Waits until every handler has been called and has returned, then ends the processor's threads
     * and gives back what it had of the system. To be called after {@link #abort}, by a thread that
     * runs no handler.
     *
     * @return false if the time elapsed first; it may be called again
     * @throws InterruptedException if the caller was interrupted
     */
    boolean terminate(long timeoutNanos) throws InterruptedException;
}
