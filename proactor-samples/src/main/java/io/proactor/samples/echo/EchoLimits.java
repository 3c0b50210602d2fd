package io.proactor.samples.echo;

import java.time.Duration;

/**
 * What the echo server grants one connection, besides a buffer while it has something to say.
 *
 * @param idle how long it may send nothing; zero for ever
 * @param write how long it may take to read one buffer of what it is sent, which others wait for
 */
record EchoLimits(Duration idle, Duration write) {

    static final int IDLE_SECONDS = 600;
    private static final int WRITE_SECONDS = 30;

    static EchoLimits idle(Duration idle) {
        return new EchoLimits(idle, Duration.ofSeconds(WRITE_SECONDS));
    }
}
