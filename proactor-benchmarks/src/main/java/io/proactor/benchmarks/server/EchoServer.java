package io.proactor.benchmarks.server;

/** A server on the loopback interface that sends back whatever comes. */
interface EchoServer {

    /** How many bytes a server reads at most at a time, where that can be chosen. */
    int BUFFER_BYTES = 16 * 1024;

    /** Connections that wait to be accepted; enough for the storms of the load generator. */
    int BACKLOG = 4_096;

    /** Begins to serve on threads of its own, and returns the port. */
    int start() throws Exception;
}
