package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Why the kernel refuses io_uring, and what to do about it: a clause for each error number. */
final class Refusals {

    static final String TOO_OLD = "the kernel's io_uring is older than this processor needs; "
            + "Linux 6.1 or later is needed";

    private static final Path DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");

    private Refusals() {}

    /** Returns whether a ring was refused because of a flag that the kernel does not know. */
    static boolean unknownFlag(SystemCallException refused) {
        return refused.call().equals("io_uring_setup") && refused.errno() == Errno.EINVAL;
    }

    static String explain(SystemCallException refused) {
        return refused.getMessage() + ": " + switch (refused.errno()) {
            case Errno.EPERM, Errno.EACCES -> forbidden(disabled());
            case Errno.ENOSYS -> "the kernel is built without io_uring, or a sandbox (gVisor, a "
                    + "seccomp filter) hides it; allow io_uring_setup, io_uring_enter and "
                    + "io_uring_register there";
            case Errno.ENOMEM -> "there is no memory for a ring; raise the limit of locked memory "
                    + "(ulimit -l) or that of the container";
            case Errno.EMFILE -> "the process has no free descriptor; raise its limit (ulimit -n)";
            case Errno.ENFILE -> "the system has no free descriptor; raise fs.file-max";
            default -> "this is not an answer that io_uring is known to give; "
                    + "-Dproactor.uring=off passes it over";
        };
    }

    /** @param disabled what the sysctl says, or an empty string; kernel docs, sysctl/kernel.rst */
    static String forbidden(String disabled) {
        return switch (disabled) {
            case "2" -> "the sysctl kernel.io_uring_disabled is 2; set it to 0";
            case "1" -> "the sysctl kernel.io_uring_disabled is 1; set it to 0, or put the process "
                    + "into the group that kernel.io_uring_group names";
            default -> "a seccomp filter forbids it, as the default profiles of Docker and "
                    + "containerd do; allow io_uring_setup, io_uring_enter and io_uring_register "
                    + "in the profile";
        };
    }

    private static String disabled() {
        try {
            return Files.readString(DISABLED).trim();
        } catch (IOException e) {
            return "";  // before Linux 6.6 there is no such file, and nothing to be switched off
        }
    }
}
