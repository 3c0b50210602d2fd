package io.proactor.samples.proxy;

import io.proactor.Accepted;
import io.proactor.Acceptor;
import io.proactor.Proactor;
import io.proactor.samples.cli.HostAndPort;

/** Pipes every connection that it accepts to one server. */
final class ProxyServer {

    private final Proactor proactor;
    private final HostAndPort server;
    private final ProxyLimits limits;

    ProxyServer(Proactor proactor, HostAndPort server, ProxyLimits limits) {
        this.proactor = proactor;
        this.server = server;
        this.limits = limits;
    }

    /** Serves every connection that {@code acceptor} takes from now on. */
    void serve(Acceptor acceptor) {
        acceptor.acceptAll(this::begin);
    }

    private void begin(Accepted accepted) {
        new ProxySession(proactor, accepted.socket(), limits).start(server);
    }
}
