/** What this library costs, beside its peers: the command that measures it. */
@NullMarked
package io.proactor.benchmarks;

import org.jspecify.annotations.NullMarked;
