package io.proactor.engine.event;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the JVM to itself, before all others: so that the JDK's classes for connections
 * are loaded and initialized while there are descriptors for it. A process that first runs out of
 * them and then closes its first socket would be left with a class that can never be used
 * (sun.nio.ch.FileDispatcherImpl opens descriptors when it is initialized).
 */
public final class FirstConnection {

    private static final Logger LOG = LoggerFactory.getLogger(FirstConnection.class);

    private FirstConnection() {}

    /** Any thread. Does something the first time only; returns whether that went well. */
    public static boolean make() {
        return Once.MADE;
    }

    /** Initialized once per JVM, by whichever thread comes first, while others wait. */
    private static final class Once {
        static final boolean MADE = attempt();

        private static boolean attempt() {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (ServerSocketChannel listener = ServerSocketChannel.open().bind(any);
                    SocketChannel one = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel other = listener.accept()) {
                one.write(ByteBuffer.wrap(new byte[] {1}));
                return other.read(ByteBuffer.allocate(1)) == 1;
            } catch (IOException e) {
                LOG.debug("No connection to this machine itself can be made.", e);
                return false;
            }
        }
    }
}
