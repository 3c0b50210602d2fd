package io.proactor.engine.uring.ffm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where the layouts and constants of this package are true. Touches no native code, so it can be
 * asked anywhere.
 */
public final class Platform {

    private Platform() {}

    /**
     * Returns why this system or architecture is not one of those, or null. Others are added here
     * by name, once someone has compared the layouts: a 32-bit system has other structures, and
     * the entries are written little-endian.
     */
    public static @Nullable String refusal() {
        return refusal(System.getProperty("os.name"), System.getProperty("os.arch"),
                ByteOrder.nativeOrder());
    }

    static @Nullable String refusal(String system, String architecture, ByteOrder order) {
        if (!system.equals("Linux")) {
            return "io_uring is a part of Linux, and this is " + system;
        }
        boolean known = architecture.equals("amd64") || architecture.equals("aarch64");
        if (!known || order != ByteOrder.LITTLE_ENDIAN) {
            return "the architecture " + architecture + " is not one of amd64 and aarch64";
        }
        return null;
    }

    /** Returns why the JVM forbids native access, or null if it allows it. */
    @SuppressWarnings("restricted")
    public static @Nullable String nativeAccessRefusal() {
        try {
            MemorySegment.NULL.reinterpret(1);
            return null;
        } catch (IllegalCallerException e) {
            Module module = Platform.class.getModule();
            return "the JVM forbids native access; start it with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
        }
    }
}
