/** Echo servers that do the same work on different foundations, each a process of its own. */
@NullMarked
package io.proactor.benchmarks.server;

import org.jspecify.annotations.NullMarked;
