package io.proactor;

import java.time.Duration;

/**
 * What became of the operations that were pending when a shutdown began, and later.
 *
 * @param finished operations that ended while the proactor drained: writes that were flushed,
 *     connects and reads that completed, and reads, accepts and timers that were only waiting and
 *     were told of the shutdown
 * @param aborted operations that were still at work when the grace had passed, and were cut
 * @param elapsed from the call of shutdown to the end of the last thread
 */
public record ShutdownReport(long finished, long aborted, Duration elapsed) {}
