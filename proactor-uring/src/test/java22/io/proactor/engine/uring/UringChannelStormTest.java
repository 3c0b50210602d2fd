package io.proactor.engine.uring;

import io.proactor.provider.ChannelStorm;

/** The storm on {@code uring}. */
@EnabledIfAvailable
final class UringChannelStormTest extends ChannelStorm {}
