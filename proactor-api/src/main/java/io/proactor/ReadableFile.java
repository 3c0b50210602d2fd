package io.proactor;

import io.proactor.operation.ChannelFile;
import io.proactor.operation.FileSource;
import io.proactor.spi.ProcessorContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A file that is open to be sent; see {@link Proactor#openFile} and {@link FileRegion}. It serves
 * any number of sends at a time, on any sockets of the proactor that has opened it.
 *
 * <p>Threads: any, for all methods.
 *
 * <p>Ownership: the application closes it. Sends that were initiated before go on to their end, and
 * the system gets the file back when the last of them is over; those that come later fail at their
 * handler. The end of the proactor does not close it.
 */
public final class ReadableFile implements Closeable {

    private final FileSource source;
    private final @Nullable ProcessorContext opener;  // null if any proactor can send it

    private ReadableFile(FileSource source, @Nullable ProcessorContext opener) {
        this.source = source;
        this.opener = opener;
    }

    /** Returns one that stands for a channel of the application's, which is never closed here. */
    static ReadableFile of(FileChannel channel) {
        return new ReadableFile(new ChannelFile(channel, false), null);
    }

    /** Opens a file in the way of a processor. */
    static ReadableFile open(Path path, Opening processor, ProcessorContext opener)
            throws IOException {
        // Asked first: to open a pipe would wait for its other end.
        if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException(path + " is not a regular file.");
        }
        return new ReadableFile(processor.open(path), opener);
    }

    /** How a processor opens a file. */
    @FunctionalInterface
    interface Opening {
        FileSource open(Path path) throws IOException;
    }

    /**
     * Returns how many bytes the file has now.
     *
     * @throws IOException if it is closed, or the system does not tell
     */
    public long size() throws IOException {
        FileSource held = hold();
        try {
            return held.bytes();
        } finally {
            held.letGo();
        }
    }

    /** Returns false from the first close. */
    public boolean isOpen() {
        return source.isOpen();
    }

    /** No further send can begin; see the class comment. Any number of times. */
    @Override
    public void close() {
        source.close();
    }

    /**
     * Returns the file, which has to be let go.
     *
     * @throws IOException if it is closed
     */
    FileSource hold() throws IOException {
        if (!source.hold()) {
            throw new IOException("The file is closed.");
        }
        return source;
    }

    /** @throws IllegalArgumentException if another proactor has opened it */
    void requireSendableBy(ProcessorContext sender) {
        if (opener != null && opener != sender) {
            throw new IllegalArgumentException("The file was opened by another proactor.");
        }
    }
}
