package io.proactor.engine.uring;

import io.proactor.spi.StreamHandle;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Puts an accepted connection into a handle, or into a new one on the loop whose turn it is. */
interface StreamFactory {

    /** If it fails, the descriptor is still the caller's. */
    StreamHandle adopt(int accepted, SocketAddress remote, @Nullable StreamHandle recycled)
            throws IOException;
}
