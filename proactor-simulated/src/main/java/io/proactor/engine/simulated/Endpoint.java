package io.proactor.engine.simulated;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A stream socket, as the kernel has it. Calls never block, and answer as io_uring would. */
final class Endpoint extends OpenFile {

    private static final int UNCONNECTED = 1;  // no errno

    private final World world;
    private final int number;
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable Endpoint peer;
    private @Nullable Stream in;
    private @Nullable Stream out;
    private int connectResult = UNCONNECTED;  // 0 from when it is connected; an errno if it failed
    private boolean reset;
    private boolean outEnded;
    private boolean inEnded;

    Endpoint(World world) {
        this.world = world;
        number = world.nextNumber();
    }

    int number() {
        return number;
    }

    @Nullable InetSocketAddress local() {
        return local;
    }

    @Nullable InetSocketAddress remote() {
        return remote;
    }

    @Nullable Endpoint peer() {
        return peer;
    }

    // ---- Connecting ---------------------------------------------------------------------------

    /** Sets out to connect; {@link #connectResult} says what came of it. */
    void connect(InetSocketAddress local, InetSocketAddress remote) {
        this.local = local;
        this.remote = remote;
        connectResult = Errno.EAGAIN;
        world.afterDelay(new Handshake(world, this, remote));
    }

    /** The handshake. Makes the other end, which the listener may accept. */
    Endpoint established(InetSocketAddress remote) {
        Endpoint other = new Endpoint(world);
        Stream forth = new Stream(world, world.swarm().windowBytes());
        Stream back = new Stream(world, world.swarm().windowBytes());
        out = forth;
        in = back;
        other.in = forth;
        other.out = back;
        forth.receiver(other);
        back.receiver(this);
        peer = other;
        other.peer = this;
        other.local = remote;
        other.remote = local;
        other.connectResult = 0;
        return other;
    }

    void connected(int result) {
        if (connectResult == Errno.EAGAIN) {
            connectResult = result;
            changed();
        }
    }

    int connectResult() {
        return connectResult;
    }

    // ---- Calls --------------------------------------------------------------------------------

    /** Returns the number of bytes, 0 at the end of the stream, or an errno. */
    int receive(ByteBuffer target, int at, int most) {
        Stream from = in;
        assert from != null;
        int count = Math.min(from.arrived(), most);
        if (count == 0 && most > 0) {
            if (reset) {
                return Errno.ECONNRESET;
            }
            return from.endArrived() || inEnded ? 0 : Errno.EAGAIN;
        }
        if (count > 1 && world.choices().oneIn(world.swarm().shortOneIn())) {
            count = world.choices().upTo(count);
        }
        from.receive(target, at, count);
        return count;
    }

    /** Returns the number of bytes, or an errno. */
    int send(ByteBuffer source, int at, int most) {
        Stream to = out;
        assert to != null;
        if (reset) {
            return Errno.ECONNRESET;
        }
        if (outEnded) {
            return Errno.EPIPE;
        }
        int count = Math.min(to.room(), most);
        if (count == 0 && most > 0) {
            return Errno.EAGAIN;
        }
        if (count > 1 && world.choices().oneIn(world.swarm().shortOneIn())) {
            count = world.choices().upTo(count);
        }
        to.send(source, at, count);
        return count;
    }

    /** As shutdown(2) of the outgoing direction, or of both. */
    void shutdown(boolean both) {
        Stream to = out;
        if (to == null) {
            connected(Errno.ECONNABORTED);
            return;
        }
        outEnded = true;
        to.end();
        if (both) {
            inEnded = true;
        }
        changed();
    }

    @Override
    boolean readable() {
        Stream from = in;
        return from != null
                && (from.arrived() > 0 || from.endArrived() || reset || inEnded);
    }

    @Override
    boolean writable() {
        Stream to = out;
        return to != null && (to.hasRoom() || reset || outEnded);
    }

    // ---- The end ------------------------------------------------------------------------------

    @Override
    void onRelease() {
        world.note("released", number, 0);
        Stream to = out;
        Stream from = in;
        if (to == null || from == null || reset) {
            connected(Errno.ECONNABORTED);
        } else if (from.arrived() > 0) {
            resetByClose();  // RFC 2525, section 2.17
        } else {
            to.end();
        }
    }

    /** The peer hears that nobody is here any more. */
    void resetByClose() {
        Endpoint other = peer;
        if (other != null) {
            other.onReset();
        }
    }

    /** Both ends hear that the connection is no more. */
    void reset() {
        Endpoint other = peer;
        onReset();
        if (other != null) {
            other.onReset();
        }
    }

    private void onReset() {
        if (!reset && !released()) {
            reset = true;
            world.note("reset", number, 0);
            Stream from = in;
            if (from != null) {
                from.cut(world.choices().oneIn(2));
            }
            changed();
        }
    }
}
