package io.proactor.engine.uring.ffm;

import java.util.concurrent.TimeUnit;

/**
 * Pushes no-ops through a ring and says what became of them. Run by {@link EnterErrorTest} in a
 * JVM of its own, whose system calls fail now and then.
 */
final class NopProgram {

    static final int NOPS = 2_000;
    private static final int BATCH = 5;

    private NopProgram() {}

    public static void main(String[] arguments) throws Exception {
        long[] userData = new long[BATCH];
        int[] results = new int[BATCH];
        int[] flags = new int[BATCH];
        try (KernelRing ring = KernelRing.open(8, 16, SetupFlags.REQUIRED)) {
            ring.enable();
            long prepared = 0;
            long expected = 0;
            long inOrder = 0;
            while (expected < NOPS) {
                while (prepared < NOPS && ring.space() > 0 && prepared - expected < BATCH) {
                    ring.nop(0, prepared++);
                }
                int taken = ring.enter(1, TimeUnit.SECONDS.toNanos(1));
                if (taken < 0) {
                    System.out.println("BROKEN " + Errno.describe(-taken));
                    return;
                }
                int count = ring.reap(userData, results, flags);
                for (int i = 0; i < count; i++) {
                    inOrder += userData[i] == expected++ && results[i] == 0 ? 1 : 0;
                }
            }
            System.out.println("COMPLETED " + inOrder);
        }
    }
}
