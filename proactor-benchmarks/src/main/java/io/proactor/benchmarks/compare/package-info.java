/** Starts servers and load generators, and measures the one under the other. */
@NullMarked
package io.proactor.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
