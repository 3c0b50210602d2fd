/** A load generator for echo servers, which verifies every byte, and a demonstration with it. */
@NullMarked
package io.proactor.samples.load;

import org.jspecify.annotations.NullMarked;
