/** What the clients have in common: a connection, and the way of the keyboard to it. */
@NullMarked
package io.proactor.samples.client;

import org.jspecify.annotations.NullMarked;
