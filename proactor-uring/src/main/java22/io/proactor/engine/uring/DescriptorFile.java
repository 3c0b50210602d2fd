package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SystemCallException;
import io.proactor.engine.uring.ffm.SystemCalls;
import io.proactor.operation.FileSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file with a descriptor that we know, so that the kernel can send it without a copy. Any thread;
 * whoever uses the descriptor holds the file.
 */
final class DescriptorFile extends FileSource {

    private final int fd;

    // True exactly from when the file system was found not to send files. Any thread sets it.
    private volatile boolean copied;

    private DescriptorFile(int fd) {
        this.fd = fd;
    }

    /** Opens a file; null if the system does not, or does not know it by such a name. */
    static @Nullable DescriptorFile open(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        int fd = SystemCalls.openToRead(name(path.toUri()));
        return fd < 0 ? null : new DescriptorFile(fd);
    }

    /**
     * Returns the bytes of the file's name as the system has them. The text of a path may not tell
     * them, nor the character set of the JVM; a URI has those that are not plain as {@code %XX}.
     */
    static byte[] name(URI uri) {
        String path = uri.getRawPath();
        byte[] name = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                name[length++] = (byte) Integer.parseInt(path, i + 1, i + 3, 16);
                i += 2;
            } else {
                assert c < 128;
                name[length++] = (byte) c;
            }
        }
        return Arrays.copyOf(name, length);
    }

    int fd() {
        return fd;
    }

    /** True if the file has to be read, and sent from memory. */
    boolean copied() {
        return copied;
    }

    /** The file system does not send files. */
    void copy() {
        copied = true;
    }

    /** While it is held: one call. Returns as {@link SystemCalls#sendFile}. */
    int sendTo(SocketDescriptor socket, long position, int count, CallMemories memories) {
        CallMemory memory;
        try {
            memory = memories.take();
        } catch (SystemCallException e) {
            return -e.errno();
        }
        try {
            return socket.sendFileNow(memory, fd, position, count);
        } finally {
            memories.giveBack(memory);
        }
    }

    /** While it is held: reads, and returns how many bytes; 0 at the end. */
    int read(long address, int count, long position) throws SystemCallException {
        int read = SystemCalls.read(fd, address, count, position);
        if (read < 0) {
            throw new SystemCallException("pread", -read);
        }
        return read;
    }

    @Override
    public long bytes() throws IOException {
        long bytes = SystemCalls.fileBytes(fd);
        if (bytes < 0) {
            throw new SystemCallException("lseek", (int) -bytes);
        }
        return bytes;
    }

    @Override
    protected void giveBack() {
        SystemCalls.close(fd);
    }
}
