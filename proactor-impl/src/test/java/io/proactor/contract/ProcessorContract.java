package io.proactor.contract;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of every processor with every dispatcher that it offers: all the themes, to be run
 * by a subclass of three lines. After each test {@link Settlement} looks whether the counters
 * balance, and whether operations, slots, threads and descriptors are back where they were.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class ProcessorContract implements OnceContract, DispatchContract, ChainContract,
        ThrowContract, ConcurrencyContract, PostContract, AcceptContract, AcceptCreditContract,
        AcceptFaultContract, ConnectContract, ReadContract, ReadUntilContract, WriteContract,
        FrameContract, CancelContract, TimeoutContract, TimerContract, StrandContract,
        CloseContract, ShutdownContract, FaultContract, OptionContract, ExactnessContract,
        ExecutorContract, RetentionContract, LoadContract, BridgeContract, BridgeRaceContract,
        FrameReadContract, MessageContract, PipeContract, HappyEyeballsContract,
        ConnectFirstDataContract, ConnectPoolContract,
        FirstBlockContract, SilentClientContract, ValidationContract, DisconnectContract,
        RecycleContract, SocketPoolContract, SendFileContract, SendFileFlagContract,
        OpenedFileContract, ShortRoomContract, WaitReadableContract, ReceiveContract,
        ReceiveLineContract, LeaseContract, WritableContract, TraceContract, MixContract,
        LifeFaultContract, PeerFaultContract {

    private final String processor;
    private final Dispatch dispatch;
    private Bench bench;

    /** Names the combination under test. */
    protected ProcessorContract(String processor, Dispatch dispatch) {
        this.processor = processor;
        this.dispatch = dispatch;
    }

    @BeforeEach
    final void prepare() throws IOException {
        bench = new Bench(processor, dispatch);
    }

    @AfterEach
    final void settle() throws Exception {
        bench.settle();
    }

    @Override
    public final Bench bench() {
        return bench;
    }
}
