package io.proactor.spi;

import java.io.IOException;
import java.util.Optional;

/** Makes one kind of processor. Found by {@link java.util.ServiceLoader}. */
public interface ProcessorProvider {

    /** Returns the name that an application asks for, such as {@code queue}. */
    String name();

    /**
     * Returns the place among the processors that are tried when the application asks for none:
     * lower is earlier. Negative: never chosen unasked.
     */
    int preference();

    /** Returns in one sentence why this processor does not run here, or empty if it does. */
    Optional<String> unavailable();

    /**
     * True if the user has demanded this processor by a setting of its own: where none is named, it
     * is this one or none.
     */
    default boolean demanded() {
        return false;
    }

    /**
     * True if its processors do what channels in the manner of the JDK need of them: {@link
     * StreamHandle#prepare}, {@link AsynchronousOperationProcessor#listen(java.net.SocketAddress,
     * int, java.util.Map)} and the options of a {@link ListenHandle}.
     */
    default boolean preparesSockets() {
        return false;
    }

    /**
     * Opens a processor and starts its threads.
     *
     * @throws IOException if the system refuses what the processor needs
     * @throws IllegalArgumentException if the processor cannot do what the context asks for, such
     *     as a dispatcher that it does not offer; the message is a full sentence
     */
    AsynchronousOperationProcessor open(ProcessorContext context) throws IOException;
}
