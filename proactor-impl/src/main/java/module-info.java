import io.proactor.engine.nio2.Nio2ProcessorProvider;
import io.proactor.engine.queue.QueueProcessorProvider;
import io.proactor.spi.ProcessorProvider;

/**
 * The processors {@code queue} and {@code nio2}. Applications need it at run time only; what the
 * processors {@code uring} and {@code simulated} share with them is exported to these alone.
 */
// Those modules are compiled after this one.
@SuppressWarnings("module")
module io.proactor.impl {
    requires transitive io.proactor.api;
    requires static org.jspecify;
    requires org.jctools.core.jdk11;
    requires org.slf4j;

    // Named by a system property of the JDK, and made by it; applications may open groups from it.
    exports io.proactor.provider;

    exports io.proactor.engine.dispatch to io.proactor.uring;
    exports io.proactor.engine.event to io.proactor.uring, io.proactor.simulated;

    uses ProcessorProvider;
    provides ProcessorProvider with QueueProcessorProvider, Nio2ProcessorProvider;
}
