package io.proactor.engine.nio2;

import io.proactor.operation.DisconnectOperation;
import org.jspecify.annotations.Nullable;

/**
 * The disconnect of a handle. It is performed in two steps, which may be many turns apart: the
 * handle ends what is pending and closes its channel; when the JDK has nothing of the connection
 * any more, the handle forgets it, and only then the operation ends.
 *
 * <p>A disconnect that has begun cannot be cancelled; only the end of the handle comes before it.
 */
final class DisconnectSide {

    private final Nio2StreamHandle handle;

    private volatile @Nullable DisconnectOperation pending;  // from submit (any thread) to the end

    DisconnectSide(Nio2StreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread; the holder has to be told. */
    void offer(DisconnectOperation disconnect) {
        pending = disconnect;
    }

    /** The holder. True if the connection is to be taken away. */
    boolean pending() {
        return pending != null;
    }

    /** The holder. Nothing is left of the connection. */
    void done() {
        DisconnectOperation disconnect = pending;
        assert disconnect != null;
        pending = null;
        handle.finish(disconnect, null);
    }

    /** The holder. The handle is closed. */
    void end() {
        DisconnectOperation disconnect = pending;
        if (disconnect != null) {
            pending = null;
            handle.finish(disconnect, handle.endOf(disconnect, 0));
        }
    }
}
