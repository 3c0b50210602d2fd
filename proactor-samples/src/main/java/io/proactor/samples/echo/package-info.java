/** A server that sends back whatever comes, and a client for it. */
@NullMarked
package io.proactor.samples.echo;

import org.jspecify.annotations.NullMarked;
