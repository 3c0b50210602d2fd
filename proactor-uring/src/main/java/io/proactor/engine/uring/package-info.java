/**
 * Floor 6: the processor {@code uring}. What is here runs on Java 17 to 21 and says why the
 * processor does not; the processor itself is the versioned part of this JAR, for Java 22 and
 * later.
 */
@NullMarked
package io.proactor.engine.uring;

import org.jspecify.annotations.NullMarked;
