package io.proactor.samples.echo;

import io.proactor.Acceptor;
import io.proactor.Proactor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The echo server without options: all that a server needs. */
public final class EchoServer {

    private EchoServer() {}

    /** Serves on port 7007 of this machine until the program is ended. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Proactor proactor = Proactor.open()) {
            Acceptor acceptor = proactor.listen(new InetSocketAddress("127.0.0.1", 7007));
            serve(acceptor);
            proactor.awaitTermination();
        }
    }

    /** Serves every connection that {@code acceptor} takes from now on. */
    public static void serve(Acceptor acceptor) {
        serve(acceptor, EchoLimits.idle(Duration.ofSeconds(EchoLimits.IDLE_SECONDS)));
    }

    static void serve(Acceptor acceptor, EchoLimits limits) {
        acceptor.acceptAll(accepted -> new EchoSession(accepted.socket(), limits).start());
    }
}
