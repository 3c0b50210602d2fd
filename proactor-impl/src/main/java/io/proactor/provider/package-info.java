/**
 * The processors as a {@link java.nio.channels.spi.AsynchronousChannelProvider}, so that programs
 * written for {@link java.nio.channels.AsynchronousSocketChannel} and its kin run on them without a
 * change. Stands beside floor 6 and uses floors 0 to 4; of a processor it knows the SPI alone.
 *
 * <p>Read {@link io.proactor.provider.ProviderGroup} first, then
 * {@link io.proactor.provider.Outstanding}. Here the JDK's own rules hold towards the user: its
 * exceptions, its handlers that may overlap, its thread that ends when a handler throws.
 */
@NullMarked
package io.proactor.provider;

import org.jspecify.annotations.NullMarked;
