package io.proactor.benchmarks.server;

import io.proactor.Acceptor;
import io.proactor.ListenOptions;
import io.proactor.Proactor;
import io.proactor.ProactorOptions;
import io.proactor.StreamSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** This library: one loop, with the named processor and dispatcher. */
final class ProactorEcho implements EchoServer {

    private static final String POOLED = "pooled";
    private static final String EXECUTOR = "executor";

    private final String processor;
    private final String dispatcher;
    private final Consumer<StreamSocket> session;

    /**
     * Names what to use.
     *
     * @param dispatcher {@code default}, or {@code pooled} or {@code executor} and the number of
     *     threads
     * @param session begins to serve a connection
     */
    ProactorEcho(String processor, String dispatcher, Consumer<StreamSocket> session) {
        this.processor = processor;
        this.dispatcher = dispatcher;
        this.session = session;
    }

    @Override
    public int start() throws IOException {
        ProactorOptions options = ProactorOptions.defaults().withProcessor(processor).withLoops(1);
        if (dispatcher.startsWith(POOLED)) {
            options = options.withPooledDispatcher(
                    Integer.parseInt(dispatcher.substring(POOLED.length())));
        } else if (dispatcher.startsWith(EXECUTOR)) {
            options = options.withExecutorDispatcher(Executors.newFixedThreadPool(
                    Integer.parseInt(dispatcher.substring(EXECUTOR.length()))));
        }
        Proactor proactor = Proactor.open(options);
        Acceptor acceptor = proactor.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ListenOptions.defaults().withBacklog(BACKLOG));
        acceptor.acceptAll(accepted -> session.accept(accepted.socket()));
        return ((InetSocketAddress) acceptor.localAddress()).getPort();
    }
}
