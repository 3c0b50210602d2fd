/** The program: {@link io.proactor.samples.Samples} is its main class, each sample a command. */
@NullMarked
package io.proactor.samples;

import org.jspecify.annotations.NullMarked;
