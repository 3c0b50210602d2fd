package io.proactor.samples.proxy;

import java.time.Duration;

/**
 * What a proxy grants one connection, besides two buffers of 64 KiB.
 *
 * @param connect how long finding and connecting the server may take
 * @param idle how long the connection may live without a byte either way; zero for ever
 */
record ProxyLimits(Duration connect, Duration idle) {}
