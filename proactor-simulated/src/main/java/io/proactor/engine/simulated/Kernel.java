package io.proactor.engine.simulated;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors, and who listens where. A descriptor that was closed is the first to be given out
 * again, as POSIX demands: who still means the old one by its number finds the new one.
 */
final class Kernel {

    private static final int PORT_FIRST = 32_768;

    private final World world;
    private final List<@Nullable OpenFile> table = new ArrayList<>();
    private final Map<Integer, Listener> listeners = new HashMap<>();  // by port; never walked
    private final Set<SocketAddress> harmed = new HashSet<>();         // never walked
    private int portNext = PORT_FIRST;
    private long harms;

    Kernel(World world) {
        this.world = world;
    }

    // ---- Descriptors --------------------------------------------------------------------------

    /** Returns a descriptor, or an errno. */
    int open(OpenFile file) {
        int lowest = table.indexOf(null);
        if (lowest < 0) {
            lowest = table.size();
            table.add(null);
        }
        table.set(lowest, file);
        return lowest;
    }

    /** Returns a new stream socket's descriptor, or an errno. */
    int socket() {
        return shortOfDescriptors() ? Errno.EMFILE : open(new Endpoint(world));
    }

    OpenFile file(int fd) {
        OpenFile file = table.get(fd);
        if (file == null) {
            throw new Violation("Descriptor " + fd + " is used, which is not open.");
        }
        return file;
    }

    Endpoint endpoint(int fd) {
        return (Endpoint) file(fd);
    }

    void close(int fd) {
        OpenFile file = file(fd);
        table.set(fd, null);
        file.close();
    }

    int descriptors() {
        return (int) table.stream().filter(each -> each != null).count();
    }

    private boolean shortOfDescriptors() {
        if (world.choices().oneIn(world.swarm().noDescriptorOneIn())) {
            harms++;
            world.note("no descriptor", 0, 0);
            return true;
        }
        return false;
    }

    // ---- Connections --------------------------------------------------------------------------

    /** Returns the descriptor of a listener, or an errno. */
    int listen(InetSocketAddress asked, int backlog) {
        int port = asked.getPort() == 0 ? portNext++ : asked.getPort();
        if (listeners.containsKey(port)) {
            return Errno.EADDRINUSE;
        }
        Listener listener = new Listener(this, new InetSocketAddress(asked.getAddress(), port),
                backlog);
        listeners.put(port, listener);
        return open(listener);
    }

    void unlisten(Listener listener) {
        listeners.remove(listener.local().getPort());
    }

    @Nullable Listener listener(InetSocketAddress remote) {
        return listeners.get(remote.getPort());
    }

    void connect(int fd, InetSocketAddress remote) {
        InetSocketAddress local = new InetSocketAddress(remote.getAddress(), portNext++);
        endpoint(fd).connect(local, remote);
    }

    /** Returns a descriptor, or an errno. */
    int accept(int fd) {
        Listener listener = (Listener) file(fd);
        if (!listener.readable()) {
            return Errno.EAGAIN;
        }
        if (shortOfDescriptors()) {
            return Errno.EMFILE;  // the connection stays where it is: accept(2)
        }
        Endpoint connection = listener.poll();
        assert connection != null;
        if (world.choices().oneIn(world.swarm().connectAbortOneIn())) {
            harm(connection, "gone before it was accepted");
            connection.reset();
            return Errno.ECONNABORTED;
        }
        return open(connection);
    }

    // ---- What goes wrong ----------------------------------------------------------------------

    /** An application may notice. */
    void harm(Endpoint endpoint, String how) {
        harms++;
        world.note(how, endpoint.number(), 0);
        if (endpoint.local() != null) {
            harmed.add(endpoint.local());
        }
        Endpoint peer = endpoint.peer();
        if (peer != null && peer.local() != null) {
            harmed.add(peer.local());
        }
    }

    long harms() {
        return harms;
    }

    boolean harmed(SocketAddress client) {
        return harmed.contains(client);
    }
}
