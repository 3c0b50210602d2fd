package io.proactor.spi;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor that the next connect of a {@link StreamHandle} will use, for an initiator who
 * wants to set it up: its address, its options. The processor sets no option of its own on it.
 *
 * <p>Threads: any. It may be used until the handle is connected or closed; afterwards the handle's
 * own methods are to be asked.
 */
public interface PreparedSocket {

    /**
     * Binds the socket.
     *
     * @param local null for any address and port
     * @throws java.nio.channels.AlreadyBoundException if it is bound
     * @throws java.nio.channels.UnsupportedAddressTypeException for an address of another kind
     * @throws IOException if the system refuses the address, or the handle is closed
     */
    void bind(@Nullable SocketAddress local) throws IOException;

    /**
     * Returns the address that the socket is bound to, or null.
     *
     * @throws IOException if the handle is closed
     */
    @Nullable SocketAddress localAddress() throws IOException;

    /**
     * Sets a socket option.
     *
     * @throws IOException if the system refuses, or the handle is closed
     * @throws UnsupportedOperationException if the processor does not know the option
     */
    <T> void setOption(SocketOption<T> option, T value) throws IOException;

    /**
     * Returns a socket option.
     *
     * @throws IOException as for {@link #setOption}
     */
    <T> T getOption(SocketOption<T> option) throws IOException;
}
