package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which core a process may run on: servers on one, the load generator and we on another. */
final class Pinning {

    /** The cores that we were given, before we gave any of them up. */
    private static final List<Integer> CORES = allowed();

    private static final boolean POSSIBLE =
            CommandSearch.find("taskset") != null && CORES.size() > 1;

    private Pinning() {}

    /** Returns what to put before a server's command. */
    static List<String> ofServer() {
        return POSSIBLE ? to(CORES.get(0)) : List.of();
    }

    /** Returns what to put before the load generator's command. */
    static List<String> ofLoad() {
        return POSSIBLE ? to(CORES.get(1)) : List.of();
    }

    /** Leaves the servers' core to the servers. */
    static void leaveServersAlone() throws IOException, InterruptedException {
        if (POSSIBLE) {
            new ProcessBuilder("taskset", "-a", "-p", "-c", CORES.get(1).toString(),
                    Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        }
    }

    /** Returns a sentence for the report. */
    static String description() {
        return POSSIBLE ? "All servers have one core, the load generator has another."
                : "Nothing is pinned: there is no taskset, or one core only.";
    }

    private static List<String> to(int core) {
        return List.of("taskset", "-c", Integer.toString(core));
    }

    /** Cpus_allowed_list of proc(5): numbers and ranges, with commas. */
    private static List<Integer> allowed() {
        List<Integer> cores = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    for (String range : line.substring(line.indexOf(':') + 1).strip().split(",")) {
                        String[] ends = range.split("-");
                        int last = Integer.parseInt(ends[ends.length - 1]);
                        for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
                            cores.add(core);
                        }
                    }
                }
            }
        } catch (IOException e) {
            // Not on Linux: nothing is pinned.
        }
        return cores;
    }
}
