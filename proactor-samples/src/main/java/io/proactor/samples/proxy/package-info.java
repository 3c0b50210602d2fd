/** A proxy: connections that it accepts are piped to a server, and back. */
@NullMarked
package io.proactor.samples.proxy;

import org.jspecify.annotations.NullMarked;
