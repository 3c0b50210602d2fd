package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a reader must know of the machine, and nothing that names it. */
final class Machine {

    /** Asked before we leave a core to the servers. */
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private Machine() {}

    static void describe(Map<String, String> into, Jvm jvm, String suffix) throws IOException {
        into.put("cores", Integer.toString(CORES));
        into.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version")
                .replaceAll("^(\\d+\\.\\d+).*", "$1") + ", " + System.getProperty("os.arch"));
        into.put("java" + suffix, jvm.version());
        into.put("pinning", Pinning.description());
        Path congestion = Path.of("/proc/sys/net/ipv4/tcp_congestion_control");
        if (Files.exists(congestion)) {
            into.put("congestion control", Files.readString(congestion).strip());
        }
    }
}
