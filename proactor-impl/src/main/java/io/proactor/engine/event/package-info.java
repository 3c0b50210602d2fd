/**
 * Floor 3: what the processors are made of. Queues of commands and operations, the timing wheel,
 * the free list of writes, and the one table that gives failures their types.
 */
@NullMarked
package io.proactor.engine.event;

import org.jspecify.annotations.NullMarked;
