package io.proactor.spi;

/**
 * The bounds of the buffers that a processor gives to receives. All of them together take {@code
 * bufferBytes × buffersMax} bytes at most.
 *
 * @param bufferBytes the size of a buffer, and so the most that one receive brings
 * @param buffersMax how many buffers there are at most. While all are leased, receives wait
 * @param leasesPerSocket how many leases of one socket may be open before its next receive waits
 */
public record ReceiveLimits(int bufferBytes, int buffersMax, int leasesPerSocket) {

    private static final int BUFFER_BYTES_MIN = 64;
    private static final int BUFFER_BYTES_MAX = 1 << 24;  // beyond it, a file is what is meant
    private static final int BUFFERS_MAX = 1 << 20;

    /** Checks every component. */
    public ReceiveLimits {
        between("bufferBytes", bufferBytes, BUFFER_BYTES_MIN, BUFFER_BYTES_MAX);
        between("buffersMax", buffersMax, 1, BUFFERS_MAX);
        between("leasesPerSocket", leasesPerSocket, 1, BUFFERS_MAX);
    }

    /** Returns 16 KiB a buffer, 2,048 buffers (32 MiB in all), and 16 leases a socket. */
    public static ReceiveLimits defaults() {
        return new ReceiveLimits(16_384, 2_048, 16);
    }

    private static void between(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be between " + min + " and " + max + ", not " + value);
        }
    }
}
