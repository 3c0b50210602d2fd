package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.contract.Descriptors;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the probe makes of properties and of the kernel's answers. */
final class ProbeTest {

    @Test
    void offIsARefusalThatNamesTheProperty() {
        Availability off = probe(Map.of("proactor.uring", "off"));
        assertThat(off.refusal()).contains("-Dproactor.uring=off");
        assertThat(off.demanded()).isFalse();
    }

    @Test
    void onIsADemand() {
        assertThat(probe(Map.of("proactor.uring", "on")).demanded()).isTrue();
        assertThat(probe(Map.of()).demanded()).isFalse();
        assertThat(probe(Map.of("proactor.uring", "auto")).demanded()).isFalse();
    }

    @Test
    void otherValuesAreRefused() {
        assertThat(probe(Map.of("proactor.uring", "yes")).refusal())
                .isEqualTo("the property proactor.uring is on, off or auto, not 'yes'");
        requireUring();
        assertThat(probe(Map.of("proactor.uring.links", "")).refusal())
                .isEqualTo("the property proactor.uring.links is on, off or auto, not ''");
    }

    @Test
    void everyFeatureHasASwitch() {
        requireUring();
        Features all = probe(Map.of()).usable();
        assertThat(probe(Map.of("proactor.uring.buffers", "off")).usable()).satisfies(less -> {
            assertThat(less.buffers()).isFalse();
            assertThat(less.multishot()).isFalse();
        });
        assertThat(probe(Map.of("proactor.uring.multishot", "off")).usable()).isEqualTo(
                new Features(all.setupFlags(), all.buffers(), false, all.quietSends(),
                        all.ringClose(), all.links(), all.sendFile()));
        assertThat(all.ringClose()).isTrue();
        assertThat(probe(Map.of("proactor.uring.ringclose", "off")).usable().ringClose())
                .isFalse();
        assertThat(all.quietSends()).isTrue();
        assertThat(probe(Map.of("proactor.uring.quietsends", "off")).usable().quietSends())
                .isFalse();
        assertThat(probe(Map.of("proactor.uring.links", "off")).usable().links()).isFalse();
        assertThat(all.sendFile()).isTrue();
        assertThat(probe(Map.of("proactor.uring.sendfile", "off")).usable().sendFile()).isFalse();
    }

    @Test
    void demandForWhatIsNotThereIsARefusal() {
        requireUring();
        assertThat(probe(Map.of("proactor.uring.buffers", "off", "proactor.uring.multishot", "on"))
                .refusal()).contains("-Dproactor.uring.multishot=on");
    }

    @Test
    void probeLeavesNothingOpen() throws Exception {
        requireUring();
        Set<String> before = Descriptors.list();
        for (int i = 0; i < 20; i++) {
            probe(Map.of());
        }
        assertThat(Descriptors.openedSince(before)).isEmpty();
    }

    @Test
    void eachRefusalSaysWhatToDo() {
        assertThat(explain(Errno.ENOSYS)).contains("ENOSYS").contains("without io_uring");
        assertThat(explain(Errno.ENOMEM)).contains("ENOMEM").contains("ulimit -l");
        assertThat(explain(Errno.EMFILE)).contains("EMFILE").contains("ulimit -n");
        assertThat(explain(Errno.ENFILE)).contains("ENFILE").contains("fs.file-max");
        assertThat(explain(4_711)).contains("errno 4711").contains("-Dproactor.uring=off");
        assertThat(Refusals.forbidden("2")).contains("set it to 0");
        assertThat(Refusals.forbidden("1")).contains("kernel.io_uring_group");
        assertThat(Refusals.forbidden("0")).contains("seccomp");
    }

    private static String explain(int errno) {
        return Refusals.explain(new SystemCallException("io_uring_setup", errno));
    }

    private static Availability probe(Map<String, String> properties) {
        return Probe.probe(properties::get);
    }

    private static void requireUring() {
        String refusal = probe(Map.of()).refusal();
        Assumptions.assumeTrue(refusal == null, refusal);
    }
}
