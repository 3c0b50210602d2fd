/** A file that is sent, and compared with what arrives. */
@NullMarked
package io.proactor.samples.transfer;

import org.jspecify.annotations.NullMarked;
