/**
 * Floor 6: the processor {@code nio2}. The operating system carries out operations, by way of the
 * JDK's asynchronous channels; operations of the application are logical ones on top of at most one
 * physical call in each direction. Read {@link io.proactor.engine.nio2.Serializer} first, then
 * {@link io.proactor.engine.nio2.PhysicalCall}.
 */
@NullMarked
package io.proactor.engine.nio2;

import org.jspecify.annotations.NullMarked;
