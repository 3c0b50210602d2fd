package io.proactor.provider;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** The contract of asynchronous channels, to be run by a subclass for each provider. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class ChannelContract implements GroupClauses, GroupEndClauses, ServerClauses,
        ConnectClauses, ReadClauses, WaitingReadClauses, WriteClauses, CloseClauses,
        TimeoutClauses, FutureClauses, OptionClauses, HandlerClauses {

    private final AsynchronousChannelProvider provider;
    private ChannelBench bench;

    /** Names the provider under test. */
    protected ChannelContract(AsynchronousChannelProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    final void prepare() {
        bench = new ChannelBench(provider);
    }

    @AfterEach
    final void settle() throws Exception {
        bench.close();
    }

    @Override
    public final ChannelBench bench() {
        return bench;
    }
}
