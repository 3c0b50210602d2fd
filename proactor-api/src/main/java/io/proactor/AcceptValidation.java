package io.proactor;

import java.net.SocketAddress;

/**
 * Decides on a connection before anything of the application's exists for it; see {@link
 * ListenOptions#withValidation}.
 */
@FunctionalInterface
public interface AcceptValidation {

    /**
     * Returns false to have the connection closed. An exception does so too, and goes to {@link
     * ProactorListener#handlerThrew}.
     *
     * <p>Threads: as a handler of the acceptor, and no longer than that may take.
     *
     * @param local this end
     * @param remote the other end
     */
    boolean validate(SocketAddress local, SocketAddress remote);
}
