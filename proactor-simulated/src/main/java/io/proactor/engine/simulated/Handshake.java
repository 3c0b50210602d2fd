package io.proactor.engine.simulated;

import java.net.InetSocketAddress;

/** A connection on its way to a listener, and the answer on its way back. */
final class Handshake extends Task {

    private static final int ATTEMPTS_MAX = 4;
    private static final long AGAIN_NANOS = 1_000_000_000;  // RFC 6298, section 2

    private final World world;
    private final Endpoint client;
    private final InetSocketAddress remote;
    private int attempts;
    private boolean answered;  // true exactly from when the listener has it
    private boolean over;

    Handshake(World world, Endpoint client, InetSocketAddress remote) {
        super(Role.HANDSHAKE, world);
        this.world = world;
        this.client = client;
        this.remote = remote;
    }

    @Override
    void run() {
        if (over || client.released()) {
            over = true;
        } else if (answered) {
            over = true;
            client.connected(0);
        } else {
            arrive();
        }
    }

    private void arrive() {
        Listener listener = world.kernel().listener(remote);
        if (world.choices().oneIn(world.swarm().refuseOneIn())) {
            boolean late = world.choices().oneIn(2);
            world.kernel().harm(client, "refused");
            refuse(late ? Errno.ETIMEDOUT : Errno.ECONNREFUSED);
        } else if (listener == null) {
            refuse(Errno.ECONNREFUSED);
        } else if (listener.full()) {
            if (++attempts == ATTEMPTS_MAX) {
                world.kernel().harm(client, "refused");
                refuse(Errno.ETIMEDOUT);
            } else {
                world.after(AGAIN_NANOS << attempts, this);
            }
        } else {
            answered = true;
            listener.offer(client.established(remote));
            world.afterDelay(this);
        }
    }

    private void refuse(int errno) {
        over = true;
        world.note("refused", client.number(), errno);
        client.connected(errno);
    }
}
