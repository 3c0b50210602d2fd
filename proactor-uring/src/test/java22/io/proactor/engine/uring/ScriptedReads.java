package io.proactor.engine.uring;

import io.proactor.Lease;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** The steps of a {@link ScriptedClient} that read. */
final class ScriptedReads {

    private static final byte DELIMITER = '\n';

    private final Conversation on;

    ScriptedReads(Conversation on) {
        this.on = on;
    }

    void readExactly() throws Exception {
        ByteBuffer target = on.buffer(on.count());
        boolean early = on.random.nextBoolean();
        Call<Integer> read = new Call<>();
        if (early) {
            on.socket.readExactly(target, null, read);
        }
        int first = on.random.nextInt(target.capacity() + 1);
        on.send(first);
        on.send(target.capacity() - first);
        if (!early) {
            on.socket.readExactly(target, null, read);
        }
        on.outcomes.add(read);
        on.outcomes.add(Conversation.filled(target));
    }

    void readWithSurplus() throws Exception {
        ByteBuffer target = on.buffer(on.count());
        int surplus = on.count();
        on.send(target.capacity() + surplus);
        Call<Integer> read = new Call<>();
        on.socket.readExactly(target, null, read);
        on.outcomes.add(read);
        on.outcomes.add(Conversation.filled(target));
        on.outcomes.add(on.drain(surplus));
    }

    void readUntil() throws Exception {
        ByteBuffer target = on.buffer(Conversation.BYTES_MAX + 1);
        Call<Integer> read = new Call<>();
        boolean early = on.random.nextBoolean();
        if (early) {
            on.socket.readUntil(target, new byte[] {DELIMITER}, null, read);
        }
        on.send(on.count());
        on.peer.getOutputStream().write(DELIMITER);
        int surplus = on.send(on.count());
        if (!early) {
            on.socket.readUntil(target, new byte[] {DELIMITER}, null, read);
        }
        on.outcomes.add(read);
        on.outcomes.add(Conversation.filled(target));
        on.outcomes.add(on.drain(surplus));
    }

    void readUntilWithoutEnd() throws Exception {
        ByteBuffer target = on.buffer(on.count());
        Call<Integer> read = new Call<>();
        on.send(target.capacity());
        on.socket.readUntil(target, new byte[] {DELIMITER}, null, read);
        on.outcomes.add(read);
        on.outcomes.add(Conversation.filled(target));
    }

    /** A read of more bytes than come; a limit of 0 is a cancel. */
    void read(int arriving, int limitMillis) throws Exception {
        ByteBuffer target = on.buffer(arriving + 100);
        Call<Integer> read = new Call<>();
        on.send(arriving);
        long id = on.socket.readExactly(target, limitMillis, TimeUnit.MILLISECONDS, null, read);
        boolean cancelled = limitMillis == 0 && on.socket.cancel(id);
        on.outcomes.add(read.cause() == null ? "completed"
                : read.cause().getClass().getSimpleName());
        on.outcomes.add("cancelled " + cancelled + ", again " + on.socket.cancel(id));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Conversation.filled(target));
        on.outcomes.add("told the truth " + (read.moved() == target.position()));
        all.writeBytes(on.drain(arriving - target.position()));
        on.outcomes.add(all.toByteArray());
    }

    void cancel(long id, Call<?> call) throws Exception {
        on.outcomes.add("cancelled " + on.socket.cancel(id));
        on.outcomes.add(call);
    }

    void secondRead() throws Exception {
        Call<Integer> first = new Call<>();
        long id = on.socket.read(on.buffer(10), null, first);
        try {
            on.socket.read(on.buffer(10), null, new Call<>());
            on.outcomes.add("was taken");
        } catch (IllegalStateException e) {
            on.outcomes.add(e.getClass().getSimpleName());
        }
        cancel(id, first);
    }

    void receive(int count) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            Call<Lease> receive = new Call<>();
            on.socket.receive(null, receive);
            try (Lease lease = receive.value()) {
                byte[] some = new byte[lease.buffer().remaining()];
                lease.buffer().get(some);
                all.writeBytes(some);
            }
        }
        on.outcomes.add(all.toByteArray());
    }

    void waitReadable() throws Exception {
        Call<Void> wait = new Call<>();
        boolean early = on.random.nextBoolean();
        if (early) {
            on.socket.waitReadable(null, wait);
        }
        int count = on.send(on.count());
        if (!early) {
            on.socket.waitReadable(null, wait);
        }
        on.outcomes.add(wait);
        on.outcomes.add(on.drain(count));
    }

    void peerEnds(int arriving) throws Exception {
        on.readable = false;
        on.send(arriving);
        on.peer.shutdownOutput();
        ByteBuffer target = on.buffer(arriving + 1);
        Call<Integer> read = new Call<>();
        on.socket.readExactly(target, null, read);
        on.outcomes.add(read);
        on.outcomes.add(Conversation.filled(target));
        Call<Void> wait = new Call<>();
        on.socket.waitReadable(null, wait);
        on.outcomes.add(wait);
        Call<Integer> again = new Call<>();
        on.socket.read(on.buffer(8), null, again);
        on.outcomes.add(again);
        Call<Lease> receive = new Call<>();
        on.socket.receive(null, receive);
        on.outcomes.add(receive);
    }
}
