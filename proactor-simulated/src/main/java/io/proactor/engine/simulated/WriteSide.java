package io.proactor.engine.simulated;

import io.proactor.SocketClosedException;
import io.proactor.engine.event.Failures;
import io.proactor.engine.event.OperationLane;
import io.proactor.operation.AbortReason;
import io.proactor.operation.WriteOperation;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The outgoing direction of a connection. One send at most is under way, of the first write. */
final class WriteSide implements Request.Owner {

    private static final int FILE_CHUNK_BYTES = 512;

    private final SimulatedStreamHandle handle;
    private final World world;
    final Request request = new Request(this);
    private final OperationLane<WriteOperation> lane = new OperationLane<>();
    private @Nullable ByteBuffer fileChunk;  // bytes of a file from position to limit
    private boolean shutdownRequested;       // true exactly from the first shutdownOutput
    private boolean shutdownDone;

    WriteSide(SimulatedStreamHandle handle) {
        this.handle = handle;
        world = handle.world();
    }

    void offer(WriteOperation write) {
        lane.offer(write);
    }

    void requestShutdown() {
        shutdownRequested = true;
    }

    boolean isEmpty() {
        return lane.isEmpty();
    }

    void advance() {
        boolean shutdown = shutdownRequested;
        lane.receive(this::arrive);
        boolean any = !lane.isEmpty();
        WriteOperation first = lane.head();
        lane.removeIf(write -> write.aborting() != null && !(write == first && request.underWay),
                write -> handle.finish(write,
                        Failures.aborted(write.aborting(), write.bytesMoved())));
        if (request.underWay) {
            if (first != null && first.aborting() != null) {
                handle.cancel(request);
            }
        } else if (handle.link().remote() == null) {
            end(AbortReason.CLOSED);  // what is there came behind a disconnect
        } else {
            flush(shutdown);
        }
        tellIfFlushed(any);
    }

    private void tellIfFlushed(boolean any) {
        if (any && lane.isEmpty() && handle.loop().draining()) {
            handle.reads().advance();
        }
    }

    private void arrive(WriteOperation write) {
        handle.arm(write);
    }

    private void flush(boolean shutdown) {
        while (!lane.isEmpty() && !request.underWay && !handle.leaving()) {
            WriteOperation write = lane.head();
            assert write != null;
            try {
                perform(write);
            } catch (IOException e) {
                finishFirst(Failures.transfer(e, write.bytesMoved()));
            }
        }
        if (lane.isEmpty() && shutdown && !shutdownDone) {
            shutdownDone = true;
            world.kernel().endpoint(handle.link().fd()).shutdown(false);
        }
    }

    private void perform(WriteOperation write) throws IOException {
        AbortReason reason = write.aborting();
        if (reason != null) {
            finishFirst(Failures.aborted(reason, write.bytesMoved()));
        } else if (write.bytesTotal() == write.bytesMoved()) {
            finishFirst(null);
        } else if (shutdownDone) {
            finishFirst(new SocketClosedException(write.bytesMoved()));
        } else {
            ByteBuffer source = write.fileNext() ? chunkOf(write)
                    : write.source() != null ? write.source() : write.sources()[write.index()];
            request.prepare(Request.Kind.SEND, handle.link().fd(), write, source,
                    source.remaining());
            handle.submit(request);
        }
    }

    private ByteBuffer chunkOf(WriteOperation write) throws IOException {
        ByteBuffer chunk = fileChunk;
        if (chunk == null) {
            chunk = ByteBuffer.allocate(FILE_CHUNK_BYTES);
            fileChunk = chunk;
        }
        if (!write.fileChannel().isOpen()) {
            throw new IOException("The file was closed while it was sent.");
        }
        chunk.clear().limit((int) Math.min(write.fileBytes(), FILE_CHUNK_BYTES));
        if (write.readFile(chunk) <= 0) {
            throw new EOFException("The file has become shorter than the region that is sent.");
        }
        return chunk.flip();
    }

    @Override
    public void onResult(Request.Kind kind, int result) {
        WriteOperation write = lane.head();
        assert write != null;
        boolean shutdown = shutdownRequested;
        if (result >= 0) {
            if (moved(write, result)) {
                finishFirst(null);
            }
        } else if (result == Errno.ECANCELED) {
            AbortReason reason = write.aborting();
            if (reason != null) {
                finishFirst(Failures.aborted(reason, write.bytesMoved()));
            }
        } else if (result != Errno.EAGAIN && result != Errno.ENOBUFS) {
            finishFirst(Failures.transfer(Errno.exception(result), write.bytesMoved()));
        }
        if (!handle.ending()) {
            flush(shutdown);
            tellIfFlushed(true);
        }
        handle.afterResult();
    }

    private boolean moved(WriteOperation write, int count) {
        if (write.fileNext()) {
            return write.advanceFile(count);
        }
        ByteBuffer single = write.source();
        ByteBuffer source = single != null ? single : write.sources()[write.index()];
        source.position(source.position() + count);
        return write.advance(count);
    }

    private void finishFirst(@Nullable Throwable cause) {
        handle.finish(lane.remove(), cause);
    }

    /** The handle ends, or its connection does, and nothing of it is under way. */
    void end(AbortReason reason) {
        lane.receive(this::arrive);
        while (!lane.isEmpty()) {
            WriteOperation write = lane.remove();
            handle.finish(write, Failures.aborted(reason, write.bytesMoved()));
        }
    }

    /** The next connection begins without a trace of this one. */
    void reset() {
        assert lane.isEmpty();
        shutdownRequested = false;
        shutdownDone = false;
    }

    void checkAtRest() {
        WriteOperation write = lane.head();
        if (write != null && (write.aborting() != null
                || world.kernel().endpoint(handle.link().fd()).writable())) {
            throw new Violation("A write waits, though it could end: " + write);
        }
    }
}
