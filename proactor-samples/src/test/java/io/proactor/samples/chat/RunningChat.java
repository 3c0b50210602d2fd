package io.proactor.samples.chat;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.Mishaps;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A chat server in this JVM, and those who are connected to it. */
final class RunningChat implements AutoCloseable {

    private final Mishaps mishaps = new Mishaps();
    private final Proactor proactor;
    private final Acceptor acceptor;
    private final ChatServer server;
    private final List<Peer> peers = new ArrayList<>();

    RunningChat(Setup setup) throws IOException {
        this(setup, Duration.ZERO);
    }

    RunningChat(Setup setup, Duration idle) throws IOException {
        proactor = setup.open(mishaps);
        acceptor = proactor.listen(new InetSocketAddress("127.0.0.1", 0));
        server = new ChatServer(proactor, ChatLimits.SLOW_READER_BYTES, idle);
        server.serve(acceptor);
    }

    int port() {
        return ((InetSocketAddress) acceptor.localAddress()).getPort();
    }

    /** Connects a client, and reads its greeting. */
    Peer enter() throws IOException {
        Peer peer = Peer.connect(port());
        peers.add(peer);
        peer.lineWith("joined lobby");
        return peer;
    }

    /** Connects a client that is known by a name. */
    Peer enter(String name) throws IOException {
        Peer peer = enter().send("/nick " + name + "\n");
        peer.lineWith("is now " + name);
        return peer;
    }

    String ask(String line) throws Exception {
        return server.ask(line).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Stops as the program does. */
    void stop() {
        server.farewell();
        proactor.shutdown(Duration.ofSeconds(10));
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.close();
        }
        proactor.close();
        mishaps.assertNone();
    }
}
