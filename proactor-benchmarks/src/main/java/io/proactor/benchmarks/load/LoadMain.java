package io.proactor.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * The main class of the load generator in Java. It is told what to do, and answers, as the one in C
 * is and does: {@code load.c} describes it.
 */
public final class LoadMain {

    private LoadMain() {}

    /** Takes mode, connections, bytes, depth. */
    public static void main(String[] args) throws IOException {
        LoadSide[] sides = new LoadSide[2];
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        String order;
        while ((order = orders.readLine()) != null) {
            String[] words = order.split(" ");
            int side = Integer.parseInt(words[1]);
            try {
                System.out.println(switch (words[0]) {
                    case "open" -> {
                        sides[side] = new LoadSide(args[0], Integer.parseInt(args[1]),
                                Integer.parseInt(args[2]), Integer.parseInt(args[3]),
                                Integer.parseInt(words[2]));
                        sides[side].open();
                        yield "open";
                    }
                    case "slice" -> slice(sides[side], Long.parseLong(words[2]));
                    case "latency" -> sides[side].latency();
                    default -> throw new IOException("not understood: " + order);
                });
            } catch (IOException e) {
                System.out.println("error " + e.getMessage());
                return;
            }
        }
    }

    private static String slice(LoadSide side, long millis) throws IOException {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long operations = side.operations();
        long cpu = system.getProcessCpuTime();
        long from = System.nanoTime();
        side.run(millis);
        long nanos = System.nanoTime() - from;
        return "slice " + (side.operations() - operations) + " " + nanos + " "
                + (system.getProcessCpuTime() - cpu);
    }
}
