/** What the commands have in common: options, the one-sentence errors, and a server's life. */
@NullMarked
package io.proactor.samples.cli;

import org.jspecify.annotations.NullMarked;
