/** What tests plant in the simulated engine. */
@NullMarked
package io.proactor.engine.simulated;

import org.jspecify.annotations.NullMarked;
