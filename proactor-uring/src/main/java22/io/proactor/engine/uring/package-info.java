/**
 * Floor 6: the processor {@code uring}, whose asynchronous operation processor is the Linux kernel.
 * Loops, each with an io_uring, submit what is initiated and dispatch what the kernel has
 * completed. Read {@link io.proactor.engine.uring.UringLoop} first, then
 * {@link io.proactor.engine.uring.Requests} and {@link io.proactor.engine.uring.ReadSide}.
 */
@NullMarked
package io.proactor.engine.uring;

import org.jspecify.annotations.NullMarked;
