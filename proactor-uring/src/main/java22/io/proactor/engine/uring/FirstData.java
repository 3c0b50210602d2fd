package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCallException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a connection, which the kernel sends by itself once the connection stands: a
 * send that is linked to the connect. It never waits for room, so it is over soon after the
 * connect is; if that fails, nothing is sent. The loop's thread.
 */
final class FirstData implements Requester {

    private final ConnectSide connects;
    private final UringStreamHandle handle;

    private long request = SlotTable.NONE;  // what is in flight, or NONE
    private @Nullable ByteBuffer source;    // not null exactly while something is in flight
    private @Nullable TransferSlab slab;    // where the bytes are, if not in the source
    private long address;
    private int bytes;
    private int sent;

    FirstData(ConnectSide connects, UringStreamHandle handle) {
        this.connects = connects;
        this.handle = handle;
    }

    /**
     * Has a look at what is to be sent. It may be more than is sent this way.
     *
     * @throws SystemCallException if there is no memory
     */
    void gather(ByteBuffer first) throws SystemCallException {
        assert request == SlotTable.NONE;
        sent = 0;
        source = first;
        bytes = Math.min(first.remaining(), TransferSlab.BYTES);
        address = NativeMemory.address(first);
        if (address == 0) {
            TransferSlab copy = handle.loop().slabs().take();
            slab = copy;
            copy.bytes().clear().put(0, first, first.position(), bytes);
            address = copy.address();
        }
    }

    long address() {
        return address;
    }

    int bytes() {
        return bytes;
    }

    void submitted(long name) {
        request = name;
        handle.submitted();
    }

    boolean inFlight() {
        return request != SlotTable.NONE;
    }

    /** The connection stands: its bytes are on the stream. */
    void book(ByteBuffer first) {
        first.position(first.position() + sent);
        sent = 0;
    }

    /** Nothing is in flight: gives the memory back. */
    void discard() {
        assert request == SlotTable.NONE;
        source = null;
        if (slab != null) {
            handle.loop().slabs().giveBack(slab);
            slab = null;
        }
    }

    /** Nothing will be heard of the request any more. */
    void forget() {
        if (request != SlotTable.NONE) {
            request = SlotTable.NONE;
            Leaked.keep(slab != null ? slab : source);
            slab = null;
            source = null;
        }
    }

    @Override
    public void onCompletion(int result, int flags) {
        request = SlotTable.NONE;
        sent = Math.max(result, 0);  // why not more, the write of the rest will tell
        discard();
        handle.completed();
        connects.onPartOver();
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }
}
