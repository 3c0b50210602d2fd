package io.proactor.engine.simulated;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: a bounded ring of bytes, of which the first ones have arrived. The
 * task is the network, which lets some more arrive, or the end of the stream behind them.
 */
final class Stream extends Task {

    /** How long a direction that is clogged stands still, at most: 5 s. */
    private static final long CLOG_NANOS = 5_000_000_000L;

    private final World world;
    private final byte[] ring;
    private int head;
    private int size;        // sent and not read
    private int arrived;     // of these
    private boolean ended;         // true exactly from when the sender has said so
    private boolean endArrived;
    private @Nullable Endpoint receiver;

    Stream(World world, int capacity) {
        super(Role.DELIVERY, world);
        this.world = world;
        ring = new byte[capacity];
    }

    void receiver(Endpoint receiver) {
        this.receiver = receiver;
    }

    // ---- The sender ---------------------------------------------------------------------------

    boolean hasRoom() {
        return size < ring.length;
    }

    /** Takes {@code count} bytes from {@code at} on; there is room. */
    void send(ByteBuffer source, int at, int count) {
        assert !ended;
        assert count <= ring.length - size;
        int tail = (head + size) % ring.length;
        int whole = Math.min(count, ring.length - tail);
        source.get(at, ring, tail, whole);
        source.get(at + whole, ring, 0, count - whole);
        size += count;
        deliverLater();
    }

    int room() {
        return ring.length - size;
    }

    void end() {
        if (!ended) {
            ended = true;
            deliverLater();
        }
    }

    // ---- The receiver -------------------------------------------------------------------------

    int arrived() {
        return arrived;
    }

    boolean endArrived() {
        return endArrived;
    }

    void receive(ByteBuffer target, int at, int count) {
        assert count <= arrived;
        int whole = Math.min(count, ring.length - head);
        target.put(at, ring, head, whole);
        target.put(at + whole, ring, 0, count - whole);
        head = (head + count) % ring.length;
        size -= count;
        arrived -= count;
        Endpoint reader = receiver;
        assert reader != null;
        Endpoint sender = reader.peer();
        if (sender != null) {
            sender.changed();  // there is room
        }
    }

    /** A reset overtakes what was on its way, and may drop what had arrived. */
    void cut(boolean dropArrived) {
        size = dropArrived ? 0 : arrived;
        arrived = size;
    }

    // ---- The network --------------------------------------------------------------------------

    private void deliverLater() {
        if (world.choices().oneIn(world.swarm().clogOneIn())) {
            world.after(world.choices().upTo(CLOG_NANOS), this);
        } else {
            world.afterDelay(this);
        }
    }

    @Override
    void run() {
        Endpoint reader = receiver;
        int travelling = size - arrived;
        if (reader == null || travelling == 0 && (endArrived || !ended)) {
            return;
        }
        if (reader.released()) {
            if (travelling > 0) {
                reader.resetByClose();  // nobody is there: RFC 9293, section 3.10.7.1
            }
            return;
        }
        if (world.choices().oneIn(world.swarm().resetOneIn())) {
            world.kernel().harm(reader, "reset");
            reader.reset();
            return;
        }
        int count = Math.min(travelling, world.choices().upTo(world.swarm().chunkBytes()));
        arrived += count;
        world.note("arrived", reader.number(), count);
        if (arrived == size && ended) {
            endArrived = true;
        } else if (arrived < size) {
            deliverLater();
        }
        reader.changed();
    }
}
