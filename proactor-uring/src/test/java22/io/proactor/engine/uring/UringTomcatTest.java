package io.proactor.engine.uring;

import io.proactor.provider.TomcatContract;

/** Tomcat on {@code uring}. */
@EnabledIfAvailable
final class UringTomcatTest extends TomcatContract {
    UringTomcatTest() {
        super("uring");
    }
}
