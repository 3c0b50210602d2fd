package io.proactor.provider;

/** The storm on {@code queue}. */
final class QueueChannelStormTest extends ChannelStorm {}
