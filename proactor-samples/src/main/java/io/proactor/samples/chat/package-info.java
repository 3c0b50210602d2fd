/**
 * A chat server for lines of text, and a client for a terminal.
 *
 * <p>What comes from a client is read by a {@link io.proactor.samples.chat.ChatSession}, parsed
 * into a {@link io.proactor.samples.chat.Request} and performed by the {@link
 * io.proactor.samples.chat.Hall}, which lives on one strand; what goes to a client goes through its
 * {@link io.proactor.samples.chat.Outbox}.
 */
@NullMarked
package io.proactor.samples.chat;

import org.jspecify.annotations.NullMarked;
