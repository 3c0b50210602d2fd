package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.operation.WriteOperation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * What one send is made of: the bytes of as many queued writes as go well together. Memory that
 * stays where it is goes out from there; other bytes are copied into a slab first. The sources do
 * not move on until it is known how many of their bytes went out.
 *
 * <p>Threads: the loop's, which has one of these for all of its connections.
 */
final class SendBatch {

    /** Vectors per send. More would seldom fit into what a socket takes at once. */
    private static final int VECTORS_MAX = 64;

    /** When a send has so many bytes, further writes wait for the next one. */
    private static final long BYTES_WANTED = 1 << 18;

    /** What one source may add: the kernel counts a send in an int. */
    private static final int SOURCE_BYTES_MAX = 1 << 29;

    private final TransferSlabs slabs;
    private final long[] addresses = new long[VECTORS_MAX];
    private final int[] lengths = new int[VECTORS_MAX];
    private int count;
    private long bytes;
    private int writes;
    private @Nullable TransferSlab slab;
    private boolean complete;  // true exactly when nothing can be added any more

    SendBatch(TransferSlabs slabs) {
        this.slabs = slabs;
    }

    /**
     * Gathers from a write and those behind it.
     *
     * @param memo of the connection, for the first buffer
     * @throws IOException if there is no memory, or the file cannot be read
     */
    void gather(WriteOperation first, AddressMemo memo) throws IOException {
        assert slab == null;
        count = 0;
        bytes = 0;
        writes = 0;
        complete = false;
        if (first.fileNext()) {
            addFile(first);
            return;
        }
        WriteOperation write = first;
        while (write != null && !complete && bytes < BYTES_WANTED && !write.fileNext()) {
            writes++;
            try {
                add(write, memo);
            } catch (IOException | RuntimeException e) {
                if (write == first) {
                    throw e;
                }
                complete = true;  // it fails when it is the first one itself
            }
            write = (WriteOperation) write.next();
        }
    }

    private void add(WriteOperation write, AddressMemo memo) throws SystemCallException {
        ByteBuffer single = write.source();
        if (single != null) {
            add(single, write.pinnedAddress(), memo);
            return;
        }
        ByteBuffer[] sources = write.sources();
        int end = write.sourcesNow();
        for (int i = write.index(); i < end && !complete; i++) {
            add(sources[i], 0, memo);
        }
        complete |= end < sources.length;  // a file comes next
    }

    /** @param base where the buffer's first byte lies; 0 if that is not known */
    private void add(ByteBuffer source, long base, AddressMemo memo) throws SystemCallException {
        int length = Math.min(source.remaining(), SOURCE_BYTES_MAX);
        if (length == 0) {
            return;
        }
        long address = base != 0 ? base + source.position()
                : count == 0 ? memo.address(source) : NativeMemory.address(source);
        if (address == 0) {
            copy(source, length);
        } else if (count == VECTORS_MAX) {
            complete = true;
        } else {
            addVector(address, length);
            complete |= length < source.remaining() || bytes > SOURCE_BYTES_MAX;
        }
    }

    private void addVector(long address, int length) {
        addresses[count] = address;
        lengths[count++] = length;
        bytes += length;
    }

    private void copy(ByteBuffer source, int length) throws SystemCallException {
        ByteBuffer target = slabBytes();
        int copied = Math.min(length, target.remaining());
        long address = slabAddress() + target.position();
        boolean follows = count > 0 && addresses[count - 1] + lengths[count - 1] == address;
        if (copied == 0 || !follows && count == VECTORS_MAX) {
            complete = true;
            return;
        }
        target.put(target.position(), source, source.position(), copied);
        target.position(target.position() + copied);
        if (follows) {
            lengths[count - 1] += copied;
            bytes += copied;
        } else {
            addVector(address, copied);
        }
        complete |= copied < source.remaining();
    }

    private void addFile(WriteOperation write) throws IOException {
        ByteBuffer target = slabBytes();
        target.limit((int) Math.min(write.fileBytes(), target.capacity()));
        int read = read(write, target);
        if (read <= 0) {
            throw fileEnded();
        }
        addVector(slabAddress(), read);
    }

    /** Why a write fails whose file has not all the bytes that it had when it was initiated. */
    static EOFException fileEnded() {
        return new EOFException("The file has become shorter than the region that is sent.");
    }

    /** On this thread: of a channel the kernel has no descriptor, and other files seldom come. */
    private int read(WriteOperation write, ByteBuffer target) throws IOException {
        if (write.file() instanceof DescriptorFile file) {
            return file.read(slabAddress(), target.limit(), write.filePosition());
        }
        try {
            return write.readFile(target);
        } catch (ClosedChannelException e) {
            throw new IOException("The file was closed while it was sent.", e);
        }
    }

    private ByteBuffer slabBytes() throws SystemCallException {
        TransferSlab own = slab;
        if (own == null) {
            own = slabs.take();
            own.bytes().clear();
            slab = own;
        }
        return own.bytes();
    }

    private long slabAddress() {
        assert slab != null;
        return slab.address();
    }

    /**
     * Submits the batch; returns the name of the request.
     *
     * @param atOnce true to send what there is room for, and be told only if that is not all;
     *     false to wait for room: for all of one write, but of several only for something, since
     *     those at the front must not wait for a peer that has no room for those behind
     */
    long submit(Requests requests, Requester requester, int fd, boolean atOnce) {
        assert count > 0;
        SendMode mode = atOnce ? SendMode.AT_ONCE : writes <= 1 ? SendMode.WHOLE : SendMode.SOME;
        return count == 1
                ? requests.send(requester, requester, fd, addresses[0], lengths[0], mode)
                : requests.send(requester, requester, fd, addresses, lengths, count, bytes(),
                        mode);
    }

    /** Returns how many bytes it has. */
    int bytes() {
        return Math.toIntExact(bytes);
    }

    /** Returns the slab that the batch needs until it was sent, or null; it is the caller's. */
    @Nullable TransferSlab takeSlab() {
        TransferSlab taken = slab;
        slab = null;
        return taken;
    }

    /** Gives up what was gathered. */
    void discard() {
        TransferSlab taken = takeSlab();
        if (taken != null) {
            slabs.giveBack(taken);
        }
    }
}
