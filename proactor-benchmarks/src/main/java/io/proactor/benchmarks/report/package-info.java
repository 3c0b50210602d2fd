/** What was measured, and how it is shown. */
@NullMarked
package io.proactor.benchmarks.report;

import org.jspecify.annotations.NullMarked;
