import io.proactor.engine.uring.UringProcessorProvider;
import io.proactor.spi.ProcessorProvider;

/** The processor {@code uring}. Applications need it at run time only. */
module io.proactor.uring {
    requires transitive io.proactor.api;
    requires io.proactor.impl;
    requires jdk.net;
    requires static org.jspecify;

    provides ProcessorProvider with UringProcessorProvider;
}
