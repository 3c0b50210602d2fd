package io.proactor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.proactor.Acceptor;
import io.proactor.FileRegion;
import io.proactor.ListenOptions;
import io.proactor.OperationTimedOutException;
import io.proactor.SendFileFlag;
import io.proactor.TransferFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T18: what comes behind a file: the end of the connection, and the reuse of the socket. */
interface SendFileFlagContract extends Contract {

    @Test
    @DisplayName("T18 REUSE without DISCONNECT is misuse, and nothing is sent")
    default void reuseWithoutDisconnectIsMisuse() throws Exception {
        Pair pair = bench().accepted();
        FileRegion region = region(FileKind.CHANNEL, "file");
        Recorder<Long> never = bench().recorder();
        assertThatThrownBy(() -> pair.socket().sendFile(region, 0, TimeUnit.SECONDS, null, never,
                SendFileFlag.REUSE)).isInstanceOf(IllegalArgumentException.class);
        pair.write(Bytes.of("next")).value();
        assertThat(pair.peer().receive(4)).isEqualTo("next");
        assertThat(never.called()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 with both it completes when the peer has ended, and the socket serves again")
    default void bothCompleteWhenThePeerHasEnded(FileKind kind) throws Exception {
        Acceptor acceptor = bench().listen(ListenOptions.defaults().withConnectionsMax(1));
        Pair first = bench().accepted(acceptor);
        for (Pair pair = first; pair != null; pair = pair == first ? next(acceptor, first) : null) {
            Recorder<Long> send = bench().recorder();
            pair.socket().sendFile(region(kind, "file"), 0, TimeUnit.SECONDS, "attached", send,
                    SendFileFlag.DISCONNECT, SendFileFlag.REUSE);
            assertThat(pair.peer().receive(4)).isEqualTo("file");
            pair.peer().assertEndOfStream();
            pair.peer().send("dropped");
            assertThat(send.calledWithin(50)).isFalse();
            pair.peer().finish();
            assertThat(send.value()).isEqualTo(4);
            assertThat(send.attachment()).isEqualTo("attached");
            assertThat(pair.socket().isOpen()).isTrue();
        }
    }

    private Pair next(Acceptor acceptor, Pair before) throws Exception {
        Pair next = bench().accepted(acceptor);
        assertThat(next.socket()).isSameAs(before.socket());
        return next;
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 with DISCONNECT alone the socket is closed when the peer has ended")
    default void disconnectAloneClosesTheSocket(FileKind kind) throws Exception {
        Pair pair = bench().accepted();
        Recorder<Long> send = bench().recorder();
        pair.socket().sendFile(region(kind, "file"), 0, TimeUnit.SECONDS, null, send,
                SendFileFlag.DISCONNECT);
        assertThat(pair.peer().receive(4)).isEqualTo("file");
        pair.peer().assertEndOfStream();
        assertThat(pair.socket().isOpen()).isTrue();
        pair.peer().finish();
        assertThat(send.value()).isEqualTo(4);
        assertThat(pair.socket().isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 a peer that does not end in time is cut off; the count is that of the file")
    default void peerThatDoesNotEndIsCutOff(FileKind kind) throws Exception {
        for (boolean reuse : new boolean[] {false, true}) {
            Pair pair = bench().connected();
            Recorder<Long> send = bench().recorder();
            SendFileFlag[] flags = reuse
                    ? new SendFileFlag[] {SendFileFlag.DISCONNECT, SendFileFlag.REUSE}
                    : new SendFileFlag[] {SendFileFlag.DISCONNECT};
            pair.socket().sendFile(region(kind, "file"), 200, TimeUnit.MILLISECONDS, null, send,
                    flags);
            assertThat(send.failure(OperationTimedOutException.class).bytesMoved()).isEqualTo(4);
            assertThat(pair.peer().receive(4)).isEqualTo("file");
            pair.peer().assertGone();
            assertThat(pair.socket().isOpen()).isEqualTo(reuse);
        }
    }

    @ParameterizedTest
    @EnumSource(FileKind.class)
    @DisplayName("T18 while a read is pending it cannot disconnect, and says so with the count")
    default void pendingReadKeepsItFromDisconnecting(FileKind kind) throws Exception {
        Pair pair = bench().accepted();
        Recorder<Integer> read = pair.read(ByteBuffer.allocate(1));
        Recorder<Long> send = bench().recorder();
        pair.socket().sendFile(region(kind, "file"), 0, TimeUnit.SECONDS, null, send,
                SendFileFlag.DISCONNECT);
        assertThat(send.failure(TransferFailedException.class).bytesMoved()).isEqualTo(4);
        assertThat(pair.peer().receive(4)).isEqualTo("file");
        pair.peer().send("x");
        assertThat(read.value()).isEqualTo(1);
        pair.roundTrips();
    }

    private FileRegion region(FileKind kind, String text) throws IOException {
        Path path = Files.createTempFile("proactor", ".bytes");
        bench().keep(() -> Files.deleteIfExists(path));
        return kind.region(bench(), Files.writeString(path, text));
    }
}
