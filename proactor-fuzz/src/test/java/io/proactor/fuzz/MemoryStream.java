package io.proactor.fuzz;

import io.proactor.DelimiterNotFoundException;
import io.proactor.EndOfStreamException;
import io.proactor.ResetByPeerException;
import io.proactor.SocketClosedException;
import io.proactor.engine.event.CarryOver;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.ReceiveClaim;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AsynchronousOperation;
import io.proactor.operation.Kind;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.CompletionDispatcher;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.StreamHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection in memory. All of it belongs to the thread that calls the processor's turn. */
final class MemoryStream extends StreamHandle {

    private static final SocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 7);

    /** Of the choices for a piece: the last one is a turn without any, the first one is all. */
    private static final int PIECES = 16;

    private final MemoryProcessor processor;
    private final CarryOver carry = new CarryOver();
    private final ReceiveClaim claim;
    private final ArrayDeque<WriteOperation> writes = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    private byte[] incoming = {};
    private Choices pieces = Choices.of(incoming);
    private boolean resetAtEnd;
    private boolean unread;      // true exactly while the peer takes nothing
    private int position;        // bytes of incoming that have been given to reads
    private int carried;         // of those, the ones in the carry-over
    private boolean reading;     // true exactly from the submission of a read to its completion
    private boolean open = true;
    private boolean closeDone;

    MemoryStream(ProcessorContext context, MemoryProcessor processor) {
        super(context, null);
        this.processor = processor;
        claim = new ReceiveClaim(processor.receiveBuffers(), () -> { });
    }

    void script(byte[] bytes, Choices chosenPieces, boolean reset) {
        incoming = bytes;
        pieces = chosenPieces;
        resetAtEnd = reset;
    }

    void takesNothing(boolean nothing) {
        unread = nothing;
    }

    /** Returns how many bytes of the stream reads have taken, without what was left over. */
    int taken() {
        return position - carried;
    }

    /** Returns how many bytes wait in the carry-over. */
    int carried() {
        return carried;
    }

    byte[] sent() {
        return sent.toByteArray();
    }

    boolean hasOperations() {
        return reading || !writes.isEmpty();
    }

    /** Performs what can be. False if there was nothing to do. */
    boolean perform() {
        boolean active = performWrites() | performRead();
        if (!open && !closeDone && !hasOperations()) {
            closeDone = true;
            closed();
            active = true;
        }
        return active;
    }

    private boolean performWrites() {
        boolean active = false;
        for (Iterator<WriteOperation> each = writes.iterator(); each.hasNext(); ) {
            WriteOperation write = each.next();
            AbortReason reason = write.aborting();
            if (reason == null && unread && open) {
                continue;
            }
            each.remove();
            active = true;
            if (!open) {
                complete(write, new SocketClosedException(0));
            } else if (reason != null) {
                complete(write, Failures.aborted(reason, 0));
            } else {
                ByteBuffer chunk = ByteBuffer.allocate((int) write.bytesTotal());
                write.drainTo(chunk);
                write.advance(chunk.position());
                sent.write(chunk.array(), 0, chunk.position());
                complete(write, null);
            }
        }
        return active;
    }

    private boolean performRead() {
        if (!reading) {
            return false;
        }
        ReadOperation read = read();
        AbortReason reason = read.aborting();
        if (!open) {
            finish(new SocketClosedException(read.bytesMoved()));
        } else if (reason != null) {
            finish(Failures.aborted(reason, read.bytesMoved()));
        } else if (read.waits()) {
            finish(null);  // there always are bytes, or the end
        } else {
            advance(read);
        }
        return true;
    }

    /** As the processors' read sides do it: what is left over first, then one call. */
    private void advance(ReadOperation read) {
        if (read.needsBuffer()) {
            read.equip(Objects.requireNonNull(claim.take(), "a lease was not closed"));
        }
        if (carried > 0) {
            int before = carry.bytes().remaining();
            boolean satisfied = read.fill(carry.bytes());
            carried -= before - carry.bytes().remaining();
            carry.taken();
            if (satisfied || read.full()) {
                finish(read.full() && !read.satisfied()
                        ? new DelimiterNotFoundException(read.bytesMoved()) : null);
                return;
            }
        }
        if (!read.untilDelimiter() && read.kind() == Kind.READ && read.satisfied()) {
            finish(null);  // nothing was asked for
            return;
        }
        int piece = pieces.below(PIECES);
        if (piece == PIECES - 1) {
            unequip(read);
            return;
        }
        int left = incoming.length - position;
        if (left == 0) {
            atEnd(read);
            return;
        }
        ByteBuffer target = read.target();
        int count = Math.min(Math.min(left, target.remaining()), piece == 0 ? left : piece);
        target.put(incoming, position, count);
        position += count;
        if (read.satisfied()) {
            int end = read.surplusEnd();
            if (end > target.position()) {
                carry.put(target, target.position(), end);
                carried = end - target.position();
            }
            finish(null);
        } else if (read.full()) {
            finish(new DelimiterNotFoundException(read.bytesMoved()));
        } else {
            unequip(read);
        }
    }

    private static void unequip(ReadOperation read) {
        if (read.kind() == Kind.RECEIVE && read.bytesMoved() == 0) {
            read.unequip().giveBack();
        }
    }

    private void atEnd(ReadOperation read) {
        if (resetAtEnd) {
            finish(new ResetByPeerException(read.bytesMoved(), new IOException("reset")));
        } else if (read.bytesMoved() > 0) {
            finish(new EndOfStreamException(read.bytesMoved()));
        } else {
            read.endOfStream();
            finish(null);
        }
    }

    private void finish(@Nullable Throwable cause) {
        reading = false;
        claim.waive();
        complete(read(), cause);
    }

    @Override
    protected void submit(AsynchronousOperation operation) {
        if (operation instanceof WriteOperation write) {
            writes.add(write);
        } else {
            reading = true;
        }
    }

    @Override
    public void onAbort(AsynchronousOperation operation) {
        // The next turn asks each operation.
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    protected CompletionDispatcher dispatcher() {
        return processor;
    }

    @Override
    public void openAhead() {
        // There is no descriptor.
    }

    @Override
    protected WriteOperation borrowWrite() {
        return new WriteOperation(this, context().operations());
    }

    @Override
    protected void returnWrite(WriteOperation operation) {
        operation.adopt(null);
        context().operations().unregister(operation);
    }

    @Override
    public void shutdownOutput() {
        // The peer of a fuzz test ends when its bytes do.
    }

    @Override
    public SocketAddress localAddress() {
        return ADDRESS;
    }

    @Override
    public SocketAddress remoteAddress() {
        return ADDRESS;
    }

    @Override
    public <T> void setOption(SocketOption<T> option, T value) {
        // No system keeps it.
    }

    @Override
    public <T> T getOption(SocketOption<T> option) {
        throw new UnsupportedOperationException(option.name());
    }
}
