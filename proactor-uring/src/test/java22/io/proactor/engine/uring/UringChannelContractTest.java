package io.proactor.engine.uring;

import io.proactor.provider.ChannelContract;
import io.proactor.provider.ProactorAsynchronousChannelProvider;

/** The contract of asynchronous channels on the best processor, which here is {@code uring}. */
@EnabledIfAvailable
final class UringChannelContractTest extends ChannelContract {
    UringChannelContractTest() {
        super(new ProactorAsynchronousChannelProvider());
    }
}
