/**
 * What the tests have in common that run under Lincheck's model checker. Their names end with
 * {@code ModelTest}; each stands in the package of what it checks.
 */
package io.proactor.model;
