package io.proactor.engine.uring;

import io.proactor.engine.event.ReceiveClaim;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.ReceiveBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has of the buffers that are leased to the application. All methods belong to
 * the loop's thread.
 */
final class ReceiveCredit implements Runnable {

    private final UringStreamHandle handle;
    private @Nullable ReceiveClaim claim;  // made when there is something to receive

    ReceiveCredit(UringStreamHandle handle) {
        this.handle = handle;
    }

    /** Any thread: there may be a buffer for the connection. */
    @Override
    public void run() {
        handle.lookAgain();
    }

    private ReceiveClaim claim() {
        if (claim == null) {
            claim = new ReceiveClaim(handle.loop().receiveBuffers(), this);
        }
        return claim;
    }

    /** Picks a buffer for what a receive has brought. False if there is none now. */
    boolean equip(ReadOperation receive) {
        ReceiveBuffer buffer = claim().take();
        if (buffer == null) {
            return false;
        }
        receive.equip(buffer);
        return true;
    }

    /**
     * Gives a receive the buffer that the kernel has filled, in exchange for one of the pool's; if
     * that cannot be, because it is of the wrong group, only the one of the pool's.
     *
     * @return whether it has the filled one. If not, the receive still needs a buffer, or the bytes
     *     are to be copied
     */
    boolean equip(ReadOperation receive, int count, @Nullable BufferGroup group, int bufferId) {
        ReceiveBuffer buffer = claim().take();
        if (buffer == null) {
            return false;
        }
        PickedBuffers buffers = handle.loop().buffers();
        ReceiveBuffer filled = group == null || buffers == null || count > receive.bytesMax()
                ? null : buffers.exchange(group, bufferId, buffer);
        receive.equip(filled != null ? filled : buffer);
        if (filled == null) {
            return false;
        }
        receive.target().position(count);
        return true;
    }

    /** Gives a read all bytes that the kernel has put into a buffer. False if it takes fewer. */
    boolean deliver(ReadOperation read, BufferGroup group, int bufferId, int count) {
        if (read.needsBuffer()) {
            return count <= read.bytesMax() && equip(read, count, group, bufferId);
        }
        if (read.waits() || read.untilDelimiter() || read.target().remaining() < count) {
            return false;
        }
        ByteBuffer bytes = group.filled(bufferId, count);
        read.fill(bytes);
        assert !bytes.hasRemaining() : "the target is the processor's";
        return true;
    }

    /** True if the connection has all the leases it may have; then its bytes stay in the kernel. */
    boolean lacking() {
        ReceiveClaim mine = claim();
        if (mine.held() < handle.loop().receiveBuffers().limits().leasesPerSocket()) {
            return false;
        }
        ReceiveBuffer buffer = mine.take();
        if (buffer != null) {
            buffer.giveBack();  // one came back in between
        }
        return buffer == null;
    }

    /** What a buffer was wanted for is over. */
    void waive() {
        if (claim != null) {
            claim.waive();
        }
    }

    /** The next connection has its own credit: old leases may still be open. */
    void reset() {
        claim = null;
    }
}
