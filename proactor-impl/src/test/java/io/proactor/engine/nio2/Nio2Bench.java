package io.proactor.engine.nio2;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.SocketClosedException;
import io.proactor.operation.AbortReason;
import io.proactor.operation.AcceptOperation;
import io.proactor.operation.ChannelFile;
import io.proactor.operation.ConnectOperation;
import io.proactor.operation.DisconnectOperation;
import io.proactor.operation.ReadOperation;
import io.proactor.operation.TimerOperation;
import io.proactor.operation.WriteOperation;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ReceiveLimits;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.TimerHandle;
import io.proactor.spi.WriteBudget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A processor as the application's floor sees it, without that floor. */
final class Nio2Bench implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final AtomicInteger BENCHES = new AtomicInteger();

    final RecordingListener listener = new RecordingListener();
    final ProcessorContext context;
    final Nio2Processor processor;
    private final String threadPrefix;
    private final ServerSocket server;

    Nio2Bench(Nio2Calls calls) throws IOException {
        this(calls, 2);
    }

    Nio2Bench(Nio2Calls calls, int loops) throws IOException {
        this(calls, loops, ReceiveLimits.defaults());
    }

    Nio2Bench(Nio2Calls calls, int loops, ReceiveLimits limits) throws IOException {
        threadPrefix = "nio2-test-" + BENCHES.incrementAndGet() + "-";
        context = new ProcessorContext(loops, null, 0, Nio2Bench::daemon, threadPrefix, listener,
                limits, new WriteBudget(0), false);
        processor = Nio2Processor.open(context, calls);
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        server.setSoTimeout(20_000);
    }

    static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }

    // ---- Initiating ---------------------------------------------------------------------------

    Recorded<Integer> read(StreamHandle handle, ByteBuffer target, int minimum) {
        return read(handle, target, minimum, 0);
    }

    Recorded<Integer> read(StreamHandle handle, ByteBuffer target, int minimum, long nanos) {
        Recorded<Integer> recorded = new Recorded<>();
        ReadOperation read = handle.read();
        if (!handle.claim(read)) {
            recorded.failed(new SocketClosedException(0), null);  // as the application's floor does
            return recorded;
        }
        read.prepare(target, minimum, nanos, null, recorded);
        recorded.id = handle.initiate(read);
        return recorded;
    }

    Recorded<Leased> receive(StreamHandle handle, int bytesMax, long nanos) {
        Recorded<Leased> recorded = new Recorded<>();
        ReadOperation read = handle.read();
        if (!handle.claim(read)) {
            recorded.failed(new SocketClosedException(0), null);
            return recorded;
        }
        read.prepareReceive(bytesMax, (buffer, generation, trace) -> new Leased(buffer, generation),
                nanos, null, recorded);
        recorded.id = handle.initiate(read);
        return recorded;
    }

    Recorded<Leased> receive(StreamHandle handle) {
        return receive(handle, Integer.MAX_VALUE, 0);
    }

    Recorded<Object> waitReadable(StreamHandle handle, long nanos) {
        Recorded<Object> recorded = new Recorded<>();
        ReadOperation read = handle.read();
        if (!handle.claim(read)) {
            recorded.failed(new SocketClosedException(0), null);
            return recorded;
        }
        read.prepareWait(nanos, null, recorded);
        recorded.id = handle.initiate(read);
        return recorded;
    }

    /** Reads so many bytes and waits for them. */
    String readText(StreamHandle handle, int count) throws InterruptedException {
        ByteBuffer target = ByteBuffer.allocate(count);
        read(handle, target, count).value();
        return text(target);
    }

    Recorded<Integer> write(StreamHandle handle, ByteBuffer source) {
        return write(handle, source, 0);
    }

    Recorded<Integer> write(StreamHandle handle, ByteBuffer source, long nanos) {
        Recorded<Integer> recorded = new Recorded<>();
        assertThat(handle.reserve(source.remaining())).isTrue();
        WriteOperation write = handle.takeWrite();
        if (write == null) {
            handle.unreserve(source.remaining());
            recorded.failed(new SocketClosedException(0), null);
            return recorded;
        }
        write.prepare(source, nanos, null, recorded);
        recorded.id = handle.initiate(write);
        return recorded;
    }

    Recorded<Long> sendFile(StreamHandle handle, ByteBuffer header, FileChannel file,
            long position, long count, ByteBuffer trailer) {
        Recorded<Long> recorded = new Recorded<>();
        assertThat(handle.reserve(header.remaining() + trailer.remaining())).isTrue();
        WriteOperation write = handle.takeWrite();
        assertThat(write).isNotNull();
        ChannelFile held = new ChannelFile(file, false);
        assertThat(held.hold()).isTrue();
        write.prepare(header, held, position, count, trailer, 0, null, recorded);
        recorded.id = handle.initiate(write);
        return recorded;
    }

    Recorded<Object> connect(StreamHandle handle, SocketAddress remote) {
        Recorded<Object> recorded = new Recorded<>();
        ConnectOperation connect = handle.connect();
        assertThat(handle.claim(connect)).isTrue();
        connect.prepare(remote, handle, 0, null, recorded);
        recorded.id = handle.initiate(connect);
        return recorded;
    }

    Recorded<Object> disconnect(StreamHandle handle) {
        Recorded<Object> recorded = new Recorded<>();
        DisconnectOperation disconnect = handle.disconnect();
        if (disconnect == null || !handle.claim(disconnect)) {
            recorded.failed(new SocketClosedException(0), null);
            return recorded;
        }
        disconnect.prepare(handle, null, recorded);
        recorded.id = handle.initiate(disconnect);
        return recorded;
    }

    Recorded<Object> accept(ListenHandle handle) {
        Recorded<Object> recorded = new Recorded<>();
        AcceptOperation accept = handle.newAccept();
        assertThat(handle.claim(accept)).isTrue();
        accept.prepare(0, null, recorded);
        recorded.id = handle.initiate(accept);
        return recorded;
    }

    Recorded<Void> wait(TimerHandle handle, long nanos) {
        Recorded<Void> recorded = new Recorded<>();
        TimerOperation timer = handle.operation();
        assertThat(handle.claim(timer)).isTrue();
        timer.prepareAt(System.nanoTime() + nanos, null, recorded);
        recorded.id = handle.initiate(timer);
        return recorded;
    }

    boolean cancel(Recorded<?> operation) {
        return context.operations().abort(operation.id, AbortReason.CANCELLED);
    }

    // ---- Connections --------------------------------------------------------------------------

    SocketAddress serverAddress() {
        return server.getLocalSocketAddress();
    }

    /** A connection that the processor has made, and its other end. */
    record Pair(StreamHandle handle, Socket peer) {

        void send(String bytes) throws IOException {
            peer.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        }

        String receive(int count) throws IOException {
            return new String(peer.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
        }
    }

    Pair connected() throws Exception {
        return connected(processor.openStream());
    }

    Pair connected(StreamHandle handle) throws Exception {
        Recorded<Object> connect = connect(handle, serverAddress());
        Socket peer = server.accept();
        peer.setSoTimeout(20_000);
        connect.value();
        return new Pair(handle, peer);
    }

    ListenHandle listen() throws IOException {
        return processor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    static Socket peerOf(ListenHandle listener) throws IOException {
        Socket peer = new Socket();
        peer.connect(listener.localAddress());
        peer.setSoTimeout(20_000);
        return peer;
    }

    // ---- Looking ------------------------------------------------------------------------------

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String text(ByteBuffer filled) {
        return new String(filled.array(), 0, filled.position(), StandardCharsets.ISO_8859_1);
    }

    long buffersLent() {
        return singleBuffersLent() + processor.smallBuffers().lent()
                + processor.largeBuffers().lent();
    }

    long singleBuffersLent() {
        return processor.singleBuffers().lent();
    }

    /** What is waited for. */
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            assertThat(System.nanoTime() - deadlineNanos).as(what).isNegative();
            LockSupport.parkNanos(500_000);
        }
    }

    // ---- The end ------------------------------------------------------------------------------

    /** Ends the processor, and looks whether it has given everything back. */
    @Override
    public void close() throws IOException {
        server.close();
        context.refuse();
        processor.abort();
        try {
            assertThat(processor.terminate(PATIENCE_NANOS)).as("terminated").isTrue();
            until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith(threadPrefix)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(context.counters().outstanding()).isZero();
        assertThat(buffersLent()).as("buffers lent").isZero();
        assertThat(processor.receiveBuffers().out()).as("buffers leased").isZero();
        assertThat(processor.handles().size()).isZero();
        assertThat(listener.thrown).isEmpty();
    }

    /** The same, where nothing went wrong in the processor. */
    void closeCleanly() throws IOException {
        close();
        assertThat(listener.failures).isEmpty();
    }
}
