package io.proactor.benchmarks.compare;

import io.proactor.benchmarks.compare.LoadProcess.Side;
import io.proactor.benchmarks.report.CallFigures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * strace(1), which stops the server at each call: the calls of an event are exact, but a server
 * that is slower finds more events at a time, so waits are fewer than without it.
 */
final class StraceCounter implements CallCounter {

    private static final String ATTACHED = "attached";
    private static final int FIELDS_MIN = 5;  // share, seconds, microseconds each, calls, ... name

    /** Finds out whether processes may be traced here. */
    static boolean works() throws IOException, InterruptedException {
        if (CommandSearch.find("strace") == null) {
            return false;
        }
        Process strace = new ProcessBuilder("strace", "-c", "-f", "true")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return strace.waitFor() == 0;
    }

    @Override
    public CallFigures count(Case load, ServerProcess server, LoadProcess generator)
            throws IOException, InterruptedException {
        Process strace = new ProcessBuilder("strace", "-c", "-f", "-p",
                Long.toString(server.pid())).redirectErrorStream(true).start();
        try (BufferedReader said = new BufferedReader(
                new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8))) {
            String line = said.readLine();
            if (line == null || !line.contains(ATTACHED)) {
                throw new IOException("strace: " + line);
            }
            long operations = generator.slice(Side.MEASURED, SLICE_MILLIS).operations();
            strace.destroy();  // SIGTERM detaches it, and it reports
            return figures(load, server, said, operations);
        } finally {
            strace.destroyForcibly();
        }
    }

    private static CallFigures figures(Case load, ServerProcess server, BufferedReader said,
            long operations) throws IOException {
        double total = 0;
        Map<String, Double> each = new TreeMap<>();
        String line;
        while ((line = said.readLine()) != null) {
            String[] fields = line.strip().split("\\s+");
            String name = fields[fields.length - 1];
            if (fields.length >= FIELDS_MIN && fields[3].matches("\\d+") && !name.equals("total")) {
                double perOperation = Double.parseDouble(fields[3]) / operations;
                total += perOperation;
                each.put(name, perOperation);
            }
        }
        return new CallFigures(load.name(), server.name(), "strace", total, each);
    }
}
