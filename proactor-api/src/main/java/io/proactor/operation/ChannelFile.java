package io.proactor.operation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file that is sent by way of a channel: the application's, or one of our own. */
public final class ChannelFile extends FileSource {

    private final FileChannel channel;
    private final boolean own;

    /** @param own true if the channel is to be closed when the file is given back */
    public ChannelFile(FileChannel channel, boolean own) {
        this.channel = channel;
        this.own = own;
    }

    /** Returns the channel. */
    public FileChannel channel() {
        return channel;
    }

    /**
     * {@inheritDoc}
     *
     * @throws java.nio.channels.NonReadableChannelException if it is not open for reading
     */
    @Override
    public long bytes() throws IOException {
        // An interrupted thread that touches a file closes it for all who use it; see
        // java.nio.channels.InterruptibleChannel.
        boolean interrupted = Thread.interrupted();
        try {
            channel.read(ByteBuffer.allocate(0), 0);  // only asks whether it may
            return channel.size();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected void giveBack() {
        if (own) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was read only: nothing of anybody's is lost, and the descriptor is gone.
            }
        }
    }
}
