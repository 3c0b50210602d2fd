/**
 * Floor 6: the processor {@code simulated}. One thread does everything: a kernel with its network,
 * loops that use it by readiness or by completion, and the handlers. A seed decides what comes
 * next, how much of it, and what goes wrong; time is a number.
 */
@NullMarked
package io.proactor.engine.simulated;

import org.jspecify.annotations.NullMarked;
