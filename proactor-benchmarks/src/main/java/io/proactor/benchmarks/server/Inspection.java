package io.proactor.benchmarks.server;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Answers questions about this JVM, a line each.
 *
 * <pre>
 * allocated    bytes that all its live threads have allocated since they were started
 * live         bytes of live objects, and of those of this library, after a full collection
 * </pre>
 */
final class Inspection {

    private static final String OURS = "io.proactor.";
    private static final String BENCHMARKS = "io.proactor.benchmarks.";  // the application's own

    private Inspection() {}

    /** Answers until the input ends. */
    static void answer(InputStream in, PrintStream out) throws IOException {
        BufferedReader questions =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        String question;
        while ((question = questions.readLine()) != null) {
            out.println(switch (question) {
                case "allocated" -> Long.toString(allocated());
                case "live" -> live();
                default -> "?";
            });
            out.flush();
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long own = Thread.currentThread().getId();  // the asking allocates, too
        long sum = 0;
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != own && bytes[i] > 0) {
                sum += bytes[i];
            }
        }
        return sum;
    }

    /** The class histogram collects first: it counts live objects only. */
    private static String live() {
        String histogram;
        try {
            histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram", new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
        } catch (JMException e) {
            return "-1 -1";
        }
        long all = 0;
        long ours = 0;
        for (String line : histogram.split("\n")) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 3 && fields[0].endsWith(":")) {  // rank: instances bytes class
                all += Long.parseLong(fields[2]);
                ours += fields[3].startsWith(OURS) && !fields[3].startsWith(BENCHMARKS)
                        ? Long.parseLong(fields[2]) : 0;
            }
        }
        return all + " " + ours;
    }
}
