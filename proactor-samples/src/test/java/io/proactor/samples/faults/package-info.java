/** What a machine may do to a server; see docs/reliability.md. Run by the profile {@code faults}. */
package io.proactor.samples.faults;
