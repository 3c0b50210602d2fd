/**
 * The Proactor library as an application sees it, and what a processor must provide.
 *
 * <p>Applications use {@code io.proactor}. The packages {@code io.proactor.spi} and
 * {@code io.proactor.operation} are for those who implement a processor.
 */
module io.proactor.api {
    requires static transitive org.jspecify;

    exports io.proactor;
    exports io.proactor.operation;
    exports io.proactor.spi;

    uses io.proactor.spi.ProcessorProvider;
}
