package io.proactor;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * What {@link StreamSocket#sendFile} sends: a header, a part of a file, and a trailer. Start from
 * {@code of}.
 *
 * <p>Ownership: a channel stays the application's, which must not close it until the handler is
 * called; a {@link ReadableFile} may be closed as soon as the send is initiated. The file may be in
 * use by others; its bytes are those that are there when they are sent.
 *
 * @param file of the proactor that sends it, or one that stands for a channel
 * @param position of the first byte in the file
 * @param count how many bytes of the file; 0 for all from {@code position} on
 * @param header is sent before it; may be empty
 * @param trailer is sent behind it; may be empty
 */
public record FileRegion(ReadableFile file, long position, long count, ByteBuffer header,
        ByteBuffer trailer) {

    /** Checks every component. */
    public FileRegion {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(trailer, "trailer");
        if (position < 0) {
            throw new IllegalArgumentException("position must not be negative: " + position);
        }
        if (count < 0) {
            throw new IllegalArgumentException("count must not be negative: " + count);
        }
    }

    /**
     * Returns a whole file, without header and trailer. This is the way to send that costs least on
     * every processor; see {@link Proactor#openFile}.
     */
    public static FileRegion of(ReadableFile file) {
        return new FileRegion(file, 0, 0, ByteBuffer.allocate(0), ByteBuffer.allocate(0));
    }

    /**
     * As {@link #of(ReadableFile)}, of a file that the application has open for reading. On {@code
     * uring} its bytes pass through the process.
     */
    public static FileRegion of(FileChannel file) {
        return of(ReadableFile.of(Objects.requireNonNull(file, "file")));
    }

    /** Returns another part of the same file; a {@code count} of 0 is all the rest of it. */
    public FileRegion part(long position, long count) {
        return new FileRegion(file, position, count, header, trailer);
    }

    /** Returns this region with other bytes before and behind it. */
    public FileRegion between(ByteBuffer header, ByteBuffer trailer) {
        return new FileRegion(file, position, count, header, trailer);
    }
}
