package io.proactor.provider;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a listener before it is bound, when no processor knows it yet. They are tried on a
 * socket of the JDK's, so that a value that cannot be is refused at once, and what the system makes
 * of a value, or its own default, can be read; the listener gets them when it is bound.
 *
 * <p>Threads: the owner's, who guards it.
 */
final class UnboundListener {

    private static final Logger LOG = LoggerFactory.getLogger(UnboundListener.class);

    private final Map<SocketOption<?>, Object> options = new HashMap<>();
    private @Nullable ServerSocketChannel model;  // made when first needed

    <T> void setOption(SocketOption<T> option, T value) throws IOException {
        model().setOption(option, value);
        options.put(option, value);
    }

    <T> T getOption(SocketOption<T> option) throws IOException {
        return model().getOption(option);
    }

    /** Returns what was set. */
    Map<SocketOption<?>, Object> options() {
        return Map.copyOf(options);
    }

    private ServerSocketChannel model() throws IOException {
        if (model == null) {
            model = ServerSocketChannel.open();
        }
        return model;
    }

    /** Nothing is to be tried any more. */
    void close() {
        ServerSocketChannel unused = model;
        model = null;
        if (unused != null) {
            try {
                unused.close();
            } catch (IOException e) {
                // The descriptor is gone all the same (close(2), "Dealing with error returns").
                LOG.debug("A socket without an address could not be closed.", e);
            }
        }
    }
}
