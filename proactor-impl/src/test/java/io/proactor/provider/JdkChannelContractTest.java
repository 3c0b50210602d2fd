package io.proactor.provider;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** The control: what the JDK's own provider does not keep is no clause. */
final class JdkChannelContractTest extends ChannelContract {
    JdkChannelContractTest() {
        super(AsynchronousChannelProvider.provider());
    }
}
