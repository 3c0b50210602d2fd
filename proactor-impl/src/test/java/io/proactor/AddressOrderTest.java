package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressOrderTest {

    @Test
    void familiesTakeTurnsAndTheFirstStaysFirst() throws Exception {
        assertThat(ordered("6a 6b 6c 4a 4b")).isEqualTo("6a 4a 6b 4b 6c");
        assertThat(ordered("4a 4b 6a 4c")).isEqualTo("4a 6a 4b 4c");
        assertThat(ordered("4a 6a 6b")).isEqualTo("4a 6a 6b");
        assertThat(ordered("4a 4b")).isEqualTo("4a 4b");
        assertThat(ordered("6a")).isEqualTo("6a");
        assertThat(AddressOrder.interleaved(List.of())).isEmpty();
    }

    /** 4a is 10.0.0.97, 6a is the last of fc00::/64 that ends in 61. */
    private static String ordered(String names) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String name : names.split(" ")) {
            byte[] bytes = new byte[name.charAt(0) == '6' ? 16 : 4];
            bytes[0] = (byte) (name.charAt(0) == '6' ? 0xfc : 10);
            bytes[bytes.length - 1] = (byte) name.charAt(1);
            addresses.add(InetAddress.getByAddress(bytes));
        }
        List<String> ordered = new ArrayList<>();
        for (InetAddress address : AddressOrder.interleaved(addresses)) {
            byte[] bytes = address.getAddress();
            ordered.add((bytes.length == 16 ? "6" : "4") + (char) bytes[bytes.length - 1]);
        }
        return String.join(" ", ordered);
    }
}
