/** Tests of the JAR as an application gets it, on the class path and on the module path. */
@NullMarked
package io.proactor.packaged;

import org.jspecify.annotations.NullMarked;
