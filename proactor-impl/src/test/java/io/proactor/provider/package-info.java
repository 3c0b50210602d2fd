/**
 * The Javadoc of the JDK's asynchronous channels, clause by clause. The same tests are run on the
 * JDK's own provider, as the control, and on this library's.
 */
package io.proactor.provider;
