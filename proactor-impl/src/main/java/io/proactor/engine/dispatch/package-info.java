/**
 * Floor 4: completion dispatchers. They take completions from the completion event queue and call
 * the handlers.
 *
 * <p>Read {@link io.proactor.engine.dispatch.PooledDispatcher} first, then
 * {@code Permits}, which decides which of its threads run.
 */
@NullMarked
package io.proactor.engine.dispatch;

import org.jspecify.annotations.NullMarked;
