/**
 * Floor 6: the processor {@code queue}. Worker threads, each with a command queue and a selector,
 * carry out operations with non-blocking calls. Read {@link io.proactor.engine.queue.SelectorLoop}
 * first.
 */
@NullMarked
package io.proactor.engine.queue;

import org.jspecify.annotations.NullMarked;
