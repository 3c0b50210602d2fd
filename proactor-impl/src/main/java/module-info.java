import io.proactor.engine.nio2.Nio2ProcessorProvider;
import io.proactor.engine.queue.QueueProcessorProvider;
import io.proactor.spi.ProcessorProvider;

/** The processors {@code queue} and {@code nio2}. Applications need it at run time only. */
module io.proactor.impl {
    requires transitive io.proactor.api;
    requires static org.jspecify;
    requires org.jctools.core.jdk11;
    requires org.slf4j;

    provides ProcessorProvider with QueueProcessorProvider, Nio2ProcessorProvider;
}
