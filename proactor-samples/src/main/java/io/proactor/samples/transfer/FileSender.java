package io.proactor.samples.transfer;

import io.proactor.Accepted;
import io.proactor.FileRegion;
import io.proactor.ReadableFile;
import io.proactor.SendFileFlag;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sends one file to each client: its length in eight bytes, its bytes, and the end. */
final class FileSender implements CompletionHandler<Long, StreamSocket>, Consumer<Accepted> {

    private static final int LIMIT_SECONDS = 600;

    private final ReadableFile file;

    FileSender(ReadableFile file) {
        this.file = file;
    }

    @Override
    public void accept(Accepted accepted) {
        StreamSocket socket = accepted.socket();
        try {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).putLong(0, file.size());
            socket.sendFile(FileRegion.of(file).between(length, ByteBuffer.allocate(0)),
                    LIMIT_SECONDS, TimeUnit.SECONDS, socket, this, SendFileFlag.DISCONNECT);
        } catch (IOException e) {
            failed(e, socket);
        }
    }

    @Override
    public void completed(Long count, StreamSocket socket) {
        // The client has read the last byte and ended its side, and the socket is closed.
    }

    @Override
    public void failed(Throwable cause, StreamSocket socket) {
        socket.close();  // The client notices that bytes are missing.
    }
}
