package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

final class AddressCountsTest {

    private static SocketAddress address(String text, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(text), port);
    }

    @Test
    void portsOfOneAddressCountTogetherAndOthersDoNot() throws UnknownHostException {
        AddressCounts counts = new AddressCounts(2);
        assertThat(counts.enter(address("10.0.0.1", 1))).isTrue();
        assertThat(counts.enter(address("10.0.0.1", 2))).isTrue();
        assertThat(counts.enter(address("10.0.0.1", 3))).isFalse();
        assertThat(counts.enter(address("10.0.0.2", 3))).isTrue();
        counts.leave(address("10.0.0.1", 1));
        assertThat(counts.enter(address("10.0.0.1", 3))).isTrue();
    }

    @Test
    void anAddressOfIpv4WrittenAsIpv6IsTheSameOne() throws UnknownHostException {
        AddressCounts counts = new AddressCounts(1);
        assertThat(counts.enter(address("10.0.0.1", 1))).isTrue();
        assertThat(counts.enter(address("::ffff:10.0.0.1", 2))).isFalse();
    }

    @Test
    void thoseOfOneNetworkOfIpv6CountTogether() throws UnknownHostException {
        AddressCounts counts = new AddressCounts(1);
        assertThat(counts.enter(address("2001:db8:0:1::1", 1))).isTrue();
        assertThat(counts.enter(address("2001:db8:0:1:ffff::2", 2))).isFalse();
        assertThat(counts.enter(address("2001:db8:0:2::1", 1))).isTrue();
    }

    @Test
    void nothingIsKeptOfThoseWhoHaveLeft() throws UnknownHostException {
        AddressCounts counts = new AddressCounts(4);
        for (int i = 0; i < 100; i++) {
            assertThat(counts.enter(address("10.0.0." + i % 50, i))).isTrue();
        }
        assertThat(counts.addresses()).isEqualTo(50);
        for (int i = 0; i < 100; i++) {
            counts.leave(address("10.0.0." + i % 50, i));
        }
        assertThat(counts.addresses()).isZero();
    }
}
