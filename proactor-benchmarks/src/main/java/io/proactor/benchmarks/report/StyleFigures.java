package io.proactor.benchmarks.report;

/**
 * What one style of server costs with 64 connections, and what one bad client does to the others.
 *
 * @param server the name of the server
 * @param description a few words
 * @param threads of the process under load
 * @param idleBytes memory of an idle connection
 * @param calls system calls for a round trip; 0 if they could not be counted
 * @param cpu processor time for a round trip, in microseconds
 * @param p99 microseconds that 99 of 100 round trips do not exceed, with nobody else there
 * @param p99Blocked the same while another client's handler blocks for 100 ms again and again
 * @param p99Unread the same while another client sends and does not read
 */
public record StyleFigures(String server, String description, int threads, double idleBytes,
        double calls, double cpu, double p99, double p99Blocked, double p99Unread) {}
