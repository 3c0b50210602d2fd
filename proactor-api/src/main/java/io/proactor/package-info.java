/**
 * Floor 2: what an application uses. Start at {@link io.proactor.Proactor}.
 *
 * <p>Completion handlers are the JDK's {@link java.nio.channels.CompletionHandler}. A handler is
 * called exactly once for each operation that was accepted, never inside the call that initiated
 * it, and the handlers of one connection never overlap.
 */
@NullMarked
package io.proactor;

import org.jspecify.annotations.NullMarked;
