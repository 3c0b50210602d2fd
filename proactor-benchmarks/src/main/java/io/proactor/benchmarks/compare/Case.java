package io.proactor.benchmarks.compare;

import java.util.List;

/**
 * A load.
 *
 * @param name as it is typed and printed
 * @param mode what the load generator does: echo, storm or idle
 * @param connections how many at a time
 * @param bytes of each message
 * @param depth how many messages each connection keeps outstanding
 */
public record Case(String name, String mode, int connections, int bytes, int depth) {

    /** Connect, echo once, close. */
    public static final Case STORM = new Case("storm", "storm", 64, 64, 1);

    /** What is compared unless something else is asked for. */
    public static final List<Case> DEFAULTS = List.of(
            echo(1, 64, 1), echo(64, 64, 1), echo(1_000, 64, 1), echo(64, 64, 16),
            echo(64, 16 * 1024, 1), STORM);

    private static Case echo(int connections, int bytes, int depth) {
        return new Case(connections + "," + bytes + "," + depth, "echo", connections, bytes, depth);
    }

    /**
     * Reads {@code storm}, or connections, bytes and depth with commas between them.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Case parse(String text) {
        if (text.equals(STORM.name())) {
            return STORM;
        }
        String[] numbers = text.split(",", -1);
        if (numbers.length == 3) {
            try {
                int connections = Integer.parseInt(numbers[0]);
                int bytes = Integer.parseInt(numbers[1]);
                int depth = Integer.parseInt(numbers[2]);
                if (connections > 0 && bytes > 0 && depth > 0) {
                    return echo(connections, bytes, depth);
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
        }
        throw new IllegalArgumentException("a case is 'storm', or CONNECTIONS,BYTES,DEPTH with"
                + " three positive numbers, and not '" + text + "'");
    }

    /** Returns a sentence about it without a full stop. */
    public String description() {
        return switch (mode) {
            case "storm" -> connections + " slots that connect, echo " + bytes + " bytes, close";
            case "idle" -> connections + " idle connections";
            default -> connections + (connections == 1 ? " connection, " : " connections, ") + bytes
                    + " bytes" + (depth == 1 ? "" : ", " + depth + " messages outstanding on each");
        };
    }
}
