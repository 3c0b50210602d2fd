package io.proactor.engine.uring;

import io.proactor.spi.PreparedSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** A socket that was opened ahead, while its initiator sets it up. Any thread. */
record PreparedDescriptor(SocketDescriptor descriptor) implements PreparedSocket {

    @Override
    public void bind(@Nullable SocketAddress local) throws IOException {
        if (local == null) {
            descriptor.bindAhead(new InetSocketAddress(0));
        } else if (!(local instanceof InetSocketAddress address)) {
            throw new UnsupportedAddressTypeException();
        } else if (address.isUnresolved()) {
            throw new UnresolvedAddressException();
        } else {
            descriptor.bindAhead(address);
        }
    }

    @Override
    public @Nullable SocketAddress localAddress() throws IOException {
        return descriptor.localAddressAhead();
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        descriptor.setOptionAhead(option, value);
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return descriptor.getOptionAhead(option);
    }
}
