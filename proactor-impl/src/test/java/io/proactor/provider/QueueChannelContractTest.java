package io.proactor.provider;

/** The contract on the best processor of this module, which is {@code queue}. */
final class QueueChannelContractTest extends ChannelContract {
    QueueChannelContractTest() {
        super(new ProactorAsynchronousChannelProvider());
    }
}
