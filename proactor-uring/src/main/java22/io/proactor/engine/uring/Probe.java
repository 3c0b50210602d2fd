package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.engine.uring.ffm.Opcode;
import io.proactor.engine.uring.ffm.Platform;
import io.proactor.engine.uring.ffm.Ring;
import io.proactor.engine.uring.ffm.SetupFlags;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the processor runs here, by trying: never by the version of the kernel, which
 * says nothing about what a distribution has added, or a sandbox has taken away. Each rung of the
 * ladder is tried only if the one before it held; the first that does not hold is the reason.
 */
final class Probe {

    static final String PROPERTY = "proactor.uring";

    /** Without one of these no connection can be served. All are there since Linux 6.1. */
    private static final Map<Integer, String> NEEDED = new TreeMap<>(Map.of(
            Opcode.IORING_OP_POLL_ADD, "POLL_ADD",
            Opcode.IORING_OP_SENDMSG, "SENDMSG",
            Opcode.IORING_OP_RECVMSG, "RECVMSG",
            Opcode.IORING_OP_ACCEPT, "ACCEPT",
            Opcode.IORING_OP_ASYNC_CANCEL, "ASYNC_CANCEL",
            Opcode.IORING_OP_CONNECT, "CONNECT",
            Opcode.IORING_OP_CLOSE, "CLOSE",
            Opcode.IORING_OP_SEND, "SEND",
            Opcode.IORING_OP_RECV, "RECV",
            Opcode.IORING_OP_SHUTDOWN, "SHUTDOWN"));

    private static final int ENTRIES = 8;

    // A no-op completes within the call that submits it; a kernel that takes longer does not work.
    private static final long NOP_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Function<String, @Nullable String> properties;

    private Probe(Function<String, @Nullable String> properties) {
        this.properties = properties;
    }

    /** @param properties by name, null for what is not set */
    static Availability probe(Function<String, @Nullable String> properties) {
        Probe probe = new Probe(properties);
        boolean demanded = false;
        try {
            Switch wanted = Switch.parse(PROPERTY, properties.apply(PROPERTY));
            if (wanted == Switch.OFF) {
                return Availability.refused("it is switched off by -D" + PROPERTY + "=off", false);
            }
            demanded = wanted == Switch.ON;
            String refusal = Platform.refusal();
            if (refusal == null) {
                refusal = Platform.nativeAccessRefusal();
            }
            return refusal != null ? Availability.refused(refusal, demanded)
                    : Availability.of(probe.features(), demanded);
        } catch (SystemCallException e) {
            return Availability.refused(Refusals.explain(e), demanded);
        } catch (UnsatisfiedLinkError | UnsupportedOperationException
                | IllegalArgumentException e) {
            return Availability.refused(String.valueOf(e.getMessage()), demanded);
        }
    }

    private Features features() throws SystemCallException {
        int flags = acceptedFlags();
        try (KernelRing ring = KernelRing.open(ENTRIES, 2 * ENTRIES, flags)) {
            if ((ring.features() & SetupFlags.FEATURES_REQUIRED)
                    != SetupFlags.FEATURES_REQUIRED) {
                throw new UnsupportedOperationException(Refusals.TOO_OLD);
            }
            boolean buffers = succeeds(() -> ring.registerBufferRing(0, ENTRIES));
            requireNeeded(ring.supportedOpcodes());
            ring.enable();
            requireNop(ring);
            return features(flags, buffers);
        }
    }

    /** Returns the flags that the kernel accepts; it refuses those that it does not know. */
    private static int acceptedFlags() throws SystemCallException {
        for (int flags : new int[] {SetupFlags.PREFERRED, SetupFlags.REQUIRED}) {
            try (KernelRing ring = KernelRing.open(ENTRIES, 2 * ENTRIES, flags)) {
                assert ring.prepared() == 0;
                return flags;
            } catch (SystemCallException e) {
                if (!Refusals.unknownFlag(e)) {
                    throw e;
                }
            }
        }
        throw new UnsupportedOperationException(Refusals.TOO_OLD);
    }

    private Features features(int flags, boolean buffers) {
        boolean mayBuffers = decide("buffers", buffers);
        return new Features(flags, mayBuffers,
                decide("multishot", mayBuffers),
                decide("quietsends", true),  // CQE_SKIP is among the features required
                decide("ringclose", true),
                decide("links", true),
                decide("sendfile", true));
    }

    private boolean decide(String name, boolean there) {
        String property = PROPERTY + "." + name;
        Switch wanted = Switch.parse(property, properties.apply(property));
        if (wanted == Switch.ON && !there) {
            throw new UnsupportedOperationException("-D" + property + "=on asks for what this "
                    + "kernel does not have, or another property has switched off; leave it out");
        }
        return wanted != Switch.OFF && there;
    }

    private static void requireNeeded(boolean[] known) {
        NEEDED.forEach((opcode, name) -> {
            if (!known[opcode]) {
                throw new UnsupportedOperationException("the kernel's io_uring has no operation "
                        + name + "; Linux 6.1 or later is needed");
            }
        });
    }

    /** Some sandboxes allow a ring to be set up, and then not to be entered. */
    private static void requireNop(Ring ring) throws SystemCallException {
        long[] userData = new long[1];
        int[] results = new int[1];
        int[] flags = new int[1];
        ring.nop(0, 1);
        int taken = ring.enter(1, NOP_NANOS);
        if (taken < 0) {
            throw new SystemCallException("io_uring_enter", -taken);
        }
        if (ring.reap(userData, results, flags) != 1 || results[0] != 0) {
            throw new UnsupportedOperationException(
                    "the kernel's io_uring does not complete an operation that does nothing");
        }
    }

    private static boolean succeeds(Attempt attempt) {
        try {
            attempt.make();
            return true;
        } catch (SystemCallException e) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Attempt {
        void make() throws SystemCallException;
    }
}
