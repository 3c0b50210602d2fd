/**
 * What a user may rely on, whichever processor and dispatcher is at work: one suite, which each
 * combination runs by a subclass of three lines.
 *
 * <p>Begin with {@link io.proactor.contract.ProcessorContract}. The statements and their numbers
 * (T01, T02, ...) are those of the project's list of behaviours.
 */
package io.proactor.contract;
