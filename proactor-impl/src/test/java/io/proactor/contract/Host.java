package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A host with several addresses, all of them of this machine's loopback network: at one of them
 * somebody listens, at one nobody answers, and at all the others connects are refused.
 */
final class Host {

    private static final int LISTENS = 1;
    private static final int SILENT = 3;

    /** How long an answer on loopback cannot take. */
    private static final int SILENCE_MILLIS = 300;

    private final Bench bench;
    private final ServerSocket server;

    Host(Bench bench) throws IOException {
        this.bench = bench;
        server = bench.server(64);
        assertThat(server.getInetAddress()).isEqualTo(address(LISTENS));
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns 127.0.0.n. */
    static InetAddress address(int n) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) n});
    }

    static InetAddress listens() throws IOException {
        return address(LISTENS);
    }

    static InetAddress silent() throws IOException {
        return address(SILENT);
    }

    /** Returns addresses where nobody listens. */
    static List<InetAddress> refusing(int count) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(address(10 + i));
        }
        return addresses;
    }

    static List<InetAddress> addresses(InetAddress... addresses) {
        return Arrays.asList(addresses);
    }

    /** Fills a backlog of 1 at the silent address: Linux drops the SYN of whoever comes next. */
    void silence() throws IOException {
        bench.keep(new ServerSocket(port(), 1, silent()));
        for (int i = 0; i < 64; i++) {
            Socket filling = bench.keep(new Socket());
            try {
                filling.connect(new InetSocketAddress(silent(), port()), SILENCE_MILLIS);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new AssertionError("A backlog of 1 holds 64 connections.");
    }

    /** Returns the other end of the next connection. */
    Peer accept() throws IOException {
        return bench.keep(new Peer(server.accept()));
    }
}
