package io.proactor.benchmarks.report;

import java.util.Map;

/**
 * The system calls of a server for a round trip.
 *
 * @param load the name of the case
 * @param server the name of the server
 * @param counter what counted them
 * @param total all together
 * @param each by name, those that are worth it
 */
public record CallFigures(String load, String server, String counter, double total,
        Map<String, Double> each) {}
