/**
 * Floor 7: what a test uses to run a program in a simulation.
 */
@NullMarked
package io.proactor.simulation;

import org.jspecify.annotations.NullMarked;
