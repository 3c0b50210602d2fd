/**
 * Floor 1: what a processor must provide, and what it is given.
 *
 * <p>A processor implements {@link io.proactor.spi.ProcessorProvider},
 * {@link io.proactor.spi.AsynchronousOperationProcessor} and one
 * {@link io.proactor.spi.Handle} for each kind of thing that operations are issued on.
 */
@NullMarked
package io.proactor.spi;

import org.jspecify.annotations.NullMarked;
