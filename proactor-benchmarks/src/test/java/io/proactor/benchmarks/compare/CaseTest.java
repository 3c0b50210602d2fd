package io.proactor.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CaseTest {

    @Test
    void whatIsPrintedCanBeTyped() {
        for (Case load : Case.DEFAULTS) {
            assertThat(Case.parse(load.name())).isEqualTo(load);
        }
    }

    @Test
    void whatIsNoCaseIsRefused() {
        for (String text : new String[] {"", "1,64", "1,64,0", "-1,64,1", "a,b,c", "1,64,1,1"}) {
            assertThatThrownBy(() -> Case.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
