/** The load generator in Java, for machines that cannot compile the one in C. */
@NullMarked
package io.proactor.benchmarks.load;

import org.jspecify.annotations.NullMarked;
