/**
 * Floor 0: what an asynchronous operation is. Its kinds, its states, its result.
 *
 * <p>Read {@link io.proactor.operation.AsynchronousOperation} first.
 */
@NullMarked
package io.proactor.operation;

import org.jspecify.annotations.NullMarked;
