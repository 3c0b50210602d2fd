/** A load generator for echo servers, which verifies every byte. */
@NullMarked
package io.proactor.samples.load;

import org.jspecify.annotations.NullMarked;
