/**
 * Floor 5: the system calls, memory layouts and error numbers of io_uring, and no policy. Read
 * {@link io.proactor.engine.uring.ffm.Ring} first.
 *
 * <p>Everything goes through symbols of libc; the layouts are those of {@code linux/io_uring.h}
 * and are the same on the architectures that {@link io.proactor.engine.uring.ffm.Platform} names.
 * Memory is passed as addresses: whoever passes one keeps the memory alive.
 */
@NullMarked
package io.proactor.engine.uring.ffm;

import org.jspecify.annotations.NullMarked;
