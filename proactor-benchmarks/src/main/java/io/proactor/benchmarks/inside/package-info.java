/**
 * Micro-benchmarks (JMH) of what the processors are made of. Unlike applications, they look inside.
 */
@NullMarked
package io.proactor.benchmarks.inside;

import org.jspecify.annotations.NullMarked;
