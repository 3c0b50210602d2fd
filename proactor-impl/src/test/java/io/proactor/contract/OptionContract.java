package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Socket options, which are the same on every processor. */
interface OptionContract extends Contract {

    @Test
    @DisplayName("TCP_NODELAY is on from the start, for accepted and for connected sockets")
    default void noDelayIsOnFromTheStart() throws Exception {
        for (Pair pair : new Pair[] {bench().accepted(), bench().connected()}) {
            assertThat(pair.socket().getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
            pair.socket().setOption(StandardSocketOptions.TCP_NODELAY, false);
            assertThat(pair.socket().getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
        }
    }

    @Test
    @DisplayName("Options that are set are there to be read")
    default void optionsAreKept() throws Exception {
        Pair pair = bench().accepted();
        pair.socket().setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        assertThat(pair.socket().getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
        pair.socket().setOption(StandardSocketOptions.SO_RCVBUF, 65_536);
        assertThat(pair.socket().getOption(StandardSocketOptions.SO_RCVBUF))
                .isGreaterThanOrEqualTo(65_536);
        pair.socket().setOption(StandardSocketOptions.SO_SNDBUF, 65_536);
        assertThat(pair.socket().getOption(StandardSocketOptions.SO_SNDBUF))
                .isGreaterThanOrEqualTo(65_536);
        pair.roundTrips();
    }

    @Test
    @DisplayName("An option that no socket has is UnsupportedOperationException")
    default void unknownOptionIsUnsupported() throws Exception {
        Pair pair = bench().accepted();
        SocketOption<Boolean> unknown = new SocketOption<>() {
            @Override
            public String name() {
                return "UNKNOWN";
            }

            @Override
            public Class<Boolean> type() {
                return Boolean.class;
            }
        };
        assertThatThrownBy(() -> pair.socket().setOption(unknown, true))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> pair.socket().getOption(unknown))
                .isInstanceOf(UnsupportedOperationException.class);
        pair.roundTrips();
    }

    @Test
    @DisplayName("A socket that is closed, or not connected yet, has no options: IOException")
    default void socketWithoutConnectionHasNoOptions() throws Exception {
        Pair pair = bench().accepted();
        pair.socket().close();
        var unconnected = bench().keep(bench().proactor().newSocket());
        assertThatThrownBy(() -> unconnected.getOption(StandardSocketOptions.TCP_NODELAY))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> unconnected.setOption(StandardSocketOptions.TCP_NODELAY, true))
                .isInstanceOf(IOException.class);
        // The close itself is asynchronous, as all that a loop has to do.
        Until.until("the closed socket has no options", () -> {
            try {
                pair.socket().getOption(StandardSocketOptions.TCP_NODELAY);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    @Test
    @DisplayName("What an application may want to print can be printed, in every state")
    default void everythingCanBePrinted() throws Exception {
        Pair pair = bench().accepted();
        String open = pair.socket().toString();
        pair.socket().close();
        assertThat(open).startsWith("StreamSocket[");
        assertThat(pair.socket().toString()).startsWith("StreamSocket[").endsWith(", closed]");
        assertThat(bench().proactor().toString()).contains(bench().processor());
        assertThat(bench().proactor().processor()).isEqualTo(bench().processor());
    }
}
