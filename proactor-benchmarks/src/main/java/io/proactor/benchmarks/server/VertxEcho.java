package io.proactor.benchmarks.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;

/** Vert.x: one event loop on the native transport. */
final class VertxEcho implements EchoServer {

    @Override
    public int start() throws Exception {
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        NetServer server = vertx.createNetServer(
                new NetServerOptions().setAcceptBacklog(BACKLOG).setTcpNoDelay(true));
        server.connectHandler(socket -> {
            socket.exceptionHandler(cause -> socket.close());
            socket.handler(socket::write);
        });
        return server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get()
                .actualPort();
    }
}
