/** Servers under load for a bounded time, with rules that say whether they stood it. */
@NullMarked
package io.proactor.samples.soak;

import org.jspecify.annotations.NullMarked;
