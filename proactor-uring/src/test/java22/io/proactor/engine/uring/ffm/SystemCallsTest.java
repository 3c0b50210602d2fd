package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SystemCallsTest {

    @BeforeAll
    static void onlyWhereTheCallsAre() {
        Assumptions.assumeTrue(Platform.refusal() == null, Platform.refusal());
    }

    @Test
    void boundSocketTellsItsAddressAndKeepsItsPort() throws Exception {
        int first = bound(0);
        int second = SystemCalls.streamSocket(SocketFlags.AF_INET);
        try {
            InetSocketAddress local = SystemCalls.localAddress(first);
            assertThat(local.getAddress()).isEqualTo(loopback());
            assertThat(local.getPort()).isPositive();
            assertThat(SystemCalls.bind(second, SocketFlags.AF_INET, local))
                    .isEqualTo(-Errno.EADDRINUSE);
        } finally {
            SystemCalls.close(first);
            SystemCalls.close(second);
        }
    }

    @Test
    void optionsAreSetAndRead() throws Exception {
        int fd = SystemCalls.streamSocket(SocketFlags.AF_INET);
        try {
            assertThat(SystemCalls.setOption(fd, SocketFlags.IPPROTO_TCP, SocketFlags.TCP_NODELAY,
                    1)).isZero();
            assertThat(SystemCalls.option(fd, SocketFlags.IPPROTO_TCP, SocketFlags.TCP_NODELAY))
                    .isEqualTo(1);
            assertThat(SystemCalls.linger(fd)).isEqualTo(-1);
            assertThat(SystemCalls.setLinger(fd, 7)).isZero();
            assertThat(SystemCalls.linger(fd)).isEqualTo(7);
            assertThat(SystemCalls.setLinger(fd, -1)).isZero();
            assertThat(SystemCalls.linger(fd)).isEqualTo(-1);
            assertThat(SystemCalls.setOption(fd, SocketFlags.IPPROTO_TCP, 4_711, 1))
                    .isEqualTo(-Errno.ENOPROTOOPT);
        } finally {
            SystemCalls.close(fd);
        }
    }

    @Test
    void errorsAreThoseOfTheCall() {
        assertThat(SystemCalls.close(-1)).isEqualTo(-Errno.EBADF);
        assertThat(SystemCalls.listen(-1, 1)).isEqualTo(-Errno.EBADF);
        assertThat(SystemCalls.openToRead("/nowhere/at/all".getBytes())).isEqualTo(-Errno.ENOENT);
        assertThatThrownBy(() -> SystemCalls.remoteAddress(-1))
                .isInstanceOf(SystemCallException.class)
                .hasMessage("getpeername failed with EBADF (9)");
        assertThat(Errno.describe(4_711)).isEqualTo("errno 4711");
    }

    @Test
    void callWithoutWaitingTakesWhatIsThere() throws Exception {
        int[] pipe = SystemCalls.pipe();
        int fd = bound(0);
        try (Slab memory = Slab.map(64)) {
            assertThat(SystemCalls.recv(pipe[0], memory.address(), 8, SocketFlags.MSG_DONTWAIT))
                    .isEqualTo(-Errno.ENOTSOCK);
            assertThat(SystemCalls.send(fd, memory.address(), 8, SocketFlags.MSG_NOSIGNAL))
                    .isEqualTo(-Errno.EPIPE);
            assertThat(SystemCalls.shutdown(fd, SocketFlags.SHUT_RDWR))
                    .isEqualTo(-Errno.ENOTCONN);
        } finally {
            SystemCalls.close(pipe[0]);
            SystemCalls.close(pipe[1]);
            SystemCalls.close(fd);
        }
    }

    private static int bound(int port) throws IOException {
        int fd = SystemCalls.streamSocket(SocketFlags.AF_INET);
        assertThat(SystemCalls.bind(fd, SocketFlags.AF_INET,
                new InetSocketAddress(loopback(), port))).isZero();
        return fd;
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByName("127.0.0.1");
    }
}
