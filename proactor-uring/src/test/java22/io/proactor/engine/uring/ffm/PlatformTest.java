package io.proactor.engine.uring.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class PlatformTest {

    @Test
    void onlyKnownSystemsAndArchitecturesAreTaken() {
        assertThat(Platform.refusal("Linux", "amd64", ByteOrder.LITTLE_ENDIAN)).isNull();
        assertThat(Platform.refusal("Linux", "aarch64", ByteOrder.LITTLE_ENDIAN)).isNull();
        assertThat(Platform.refusal("Linux", "riscv64", ByteOrder.LITTLE_ENDIAN))
                .contains("riscv64");
        assertThat(Platform.refusal("Linux", "aarch64", ByteOrder.BIG_ENDIAN)).contains("aarch64");
        assertThat(Platform.refusal("Mac OS X", "aarch64", ByteOrder.LITTLE_ENDIAN))
                .contains("Mac OS X");
    }
}
