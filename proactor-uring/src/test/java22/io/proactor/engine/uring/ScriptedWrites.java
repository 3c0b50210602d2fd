package io.proactor.engine.uring;

import io.proactor.FileRegion;
import io.proactor.ReadableFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The steps of a {@link ScriptedClient} that write. */
final class ScriptedWrites {

    private final Conversation on;
    private final ReadableFile file;
    private final FileChannel channel;  // of the same file

    ScriptedWrites(Conversation on, ReadableFile file, FileChannel channel) {
        this.on = on;
        this.file = file;
        this.channel = channel;
    }

    void write(int count) throws Exception {
        ByteBuffer source = on.buffer(count).put(on.bytes(count)).flip();
        Call<Integer> write = new Call<>();
        on.socket.write(source, null, write);
        on.outcomes.add(on.peer.getInputStream().readNBytes(count));
        on.outcomes.add(write);
    }

    /** Several at once, of several buffers each: whole and in order. */
    void writeMany() throws Exception {
        int count = 0;
        List<Call<Integer>> writes = List.of(new Call<>(), new Call<>(), new Call<>());
        for (Call<Integer> each : writes) {
            int first = on.random.nextInt(200);
            int second = on.random.nextInt(60_000);
            ByteBuffer[] sources = {on.buffer(first).put(on.bytes(first)).flip(),
                ByteBuffer.allocate(0), on.buffer(second).put(on.bytes(second)).flip()};
            on.socket.write(sources, 0, TimeUnit.SECONDS, null, each);
            count += first + second;
        }
        on.outcomes.add(on.peer.getInputStream().readNBytes(count));
        for (Call<Integer> each : writes) {
            on.outcomes.add(each);
        }
    }

    void sendFile() throws Exception {
        int position = on.random.nextInt((int) file.size());
        int count = 1 + on.random.nextInt((int) file.size() - position);
        int header = on.random.nextInt(20);
        int trailer = on.random.nextInt(20);
        Call<Long> send = new Call<>();
        on.socket.sendFile(region().part(position, count).between(
                ByteBuffer.wrap(on.bytes(header)), ByteBuffer.wrap(on.bytes(trailer))), 0,
                TimeUnit.SECONDS, null, send);
        on.outcomes.add(on.peer.getInputStream().readNBytes(header + count + trailer));
        on.outcomes.add(send);
    }

    void sendFileBeyondItsEnd() throws Exception {
        Call<Long> send = new Call<>();
        on.socket.sendFile(region().part(file.size() - 1, 2), 0, TimeUnit.SECONDS, null, send);
        on.outcomes.add(send);
        write(on.count());
    }

    private FileRegion region() {
        return on.random.nextBoolean() ? FileRegion.of(file) : FileRegion.of(channel);
    }

    void endOutput() throws Exception {
        on.writable = false;
        Call<Integer> write = new Call<>();
        int count = on.count();
        on.socket.write(ByteBuffer.wrap(on.bytes(count)), null, write);
        on.socket.shutdownOutput();
        on.outcomes.add(on.peer.getInputStream().readAllBytes());
        on.outcomes.add(write);
        Call<Integer> late = new Call<>();
        on.socket.write(ByteBuffer.wrap(on.bytes(1)), null, late);
        on.outcomes.add(late);
    }
}
