package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class SocketAddressesTest {

    private final MemorySegment memory =
            Arena.ofAuto().allocate(SocketAddresses.BYTES_MAX).fill((byte) 0x55);

    @Test
    void addressesComeBackAsTheyWent() throws Exception {
        for (String literal : new String[] {"127.0.0.1", "255.254.253.252", "0.0.0.0"}) {
            assertThat(roundTrip(literal, SocketFlags.AF_INET, 16)).isEqualTo(literal);
        }
        for (String literal : new String[] {"::1", "2001:db8::8:800:200c:417a", "::"}) {
            assertThat(roundTrip(literal, SocketFlags.AF_INET6, 28))
                    .isEqualTo(InetAddress.getByName(literal).getHostAddress());
        }
    }

    @Test
    void fourBecomesMappedForSixAndComesBackAsFour() throws Exception {
        assertThat(roundTrip("10.1.2.3", SocketFlags.AF_INET6, 28)).isEqualTo("10.1.2.3");
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 1 + 8 + 10)).isEqualTo((byte) 0xFF);
    }

    @Test
    void wildcardOfFourBecomesThatOfSix() throws Exception {
        assertThat(roundTrip("0.0.0.0", SocketFlags.AF_INET6, 28)).isEqualTo("0:0:0:0:0:0:0:0");
    }

    @Test
    void scopeIsKept() throws Exception {
        byte[] local = InetAddress.getByName("fe80::1").getAddress();
        SocketAddresses.encode(new InetSocketAddress(Inet6Address.getByAddress(null, local, 1), 80),
                SocketFlags.AF_INET6, memory, 0);
        Inet6Address decoded = (Inet6Address) SocketAddresses.decode(memory, 0).getAddress();
        assertThat(decoded.getScopeId()).isEqualTo(1);
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws Exception {
        assertThatThrownBy(() -> SocketAddresses.encode(
                InetSocketAddress.createUnresolved("nowhere", 1), SocketFlags.AF_INET, memory, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("resolved");
        InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("::1"), 1);
        assertThatThrownBy(() -> SocketAddresses.encode(six, SocketFlags.AF_INET, memory, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("IPv4");
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) 1);
        assertThatThrownBy(() -> SocketAddresses.decode(memory, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("family 1");
    }

    /** At an odd offset, since callers may put several into one piece of memory. */
    private String roundTrip(String literal, int family, int bytes) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(literal), 65_432);
        assertThat(SocketAddresses.encode(address, family, memory, 1)).isEqualTo(bytes);
        InetSocketAddress decoded = SocketAddresses.decode(memory, 1);
        assertThat(decoded.getPort()).isEqualTo(65_432);
        return decoded.getAddress().getHostAddress();
    }
}
