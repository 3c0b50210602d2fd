package io.proactor.samples.client;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.samples.cli.Endpoint;
import io.proactor.samples.cli.OneSentence;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Makes the one connection of a client. */
public final class Connection {

    /** Longer than three retransmissions of the first packet; people give up about then. */
    private static final int TIMEOUT_SECONDS = 10;

    private Connection() {}

    /**
     * Connects, and waits for it.
     *
     * @throws IOException if it does not succeed; the message says with whom
     */
    public static StreamSocket open(Proactor proactor, InetSocketAddress remote)
            throws IOException, InterruptedException {
        Awaited<StreamSocket> connected = new Awaited<>();
        proactor.connector().connect(remote, TIMEOUT_SECONDS, TimeUnit.SECONDS, null, connected);
        try {
            return connected.result();
        } catch (IOException e) {
            throw new IOException("Cannot connect to " + Endpoint.text(remote) + ": "
                    + OneSentence.sentence(e), e);
        }
    }

    /**
     * Keeps a client's terminal free of the library's news, unless its user has asked for them. To
     * be called before anything is logged.
     */
    public static void quiet() {
        String level = "org.slf4j.simpleLogger.log.io.proactor";
        if (System.getProperty(level) == null) {
            System.setProperty(level, "warn");
        }
    }
}
