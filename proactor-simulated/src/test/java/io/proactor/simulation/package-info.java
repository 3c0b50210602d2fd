/** Programs in simulations. */
@NullMarked
package io.proactor.simulation;

import org.jspecify.annotations.NullMarked;
