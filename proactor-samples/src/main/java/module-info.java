/** Servers and clients that are written with the Proactor library, and a load generator. */
@SuppressWarnings("requires-automatic")  // neither JLine nor HdrHistogram declares itself a module
module io.proactor.samples {
    requires io.proactor.api;
    requires info.picocli;
    requires HdrHistogram;
    requires org.jline;

    opens io.proactor.samples to info.picocli;
    opens io.proactor.samples.chat to info.picocli;
    opens io.proactor.samples.cli to info.picocli;
    opens io.proactor.samples.echo to info.picocli;
    opens io.proactor.samples.load to info.picocli;
    opens io.proactor.samples.proxy to info.picocli;
    opens io.proactor.samples.soak to info.picocli;
    opens io.proactor.samples.transfer to info.picocli;
}
