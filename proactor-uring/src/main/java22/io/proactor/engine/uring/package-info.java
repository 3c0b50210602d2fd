/**
 * Floor 6: the processor {@code uring}, whose asynchronous operation processor is the Linux kernel.
 */
@NullMarked
package io.proactor.engine.uring;

import org.jspecify.annotations.NullMarked;
