package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Lease;
import io.proactor.engine.uring.UringBench.Link;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.KernelRing;
import io.proactor.spi.ReceiveLimits;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More connections that find no buffer than there are buffers for. */
@EnabledIfAvailable
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class StarvedReceiveTest {

    /** Of this size the kernel has four, and never more. */
    private static final ReceiveLimits LIMITS = new ReceiveLimits(1 << 20, 32, 1);

    private static final int BUFFERS = 4;

    /** Those who try again have nothing to receive, so no completion follows from it. */
    @Test
    void receiveBehindThoseThatWaitForBytesIsServed() throws Exception {
        try (UringBench bench = new UringBench(KernelRing::open, Availability.get().usable(),
                options -> options.withReceiveLimits(LIMITS))) {
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < 2 * BUFFERS + 1; i++) {
                links.add(bench.accepted(bench.listen()));
            }
            for (int i = 0; i < BUFFERS; i++) {
                links.get(i).send(new byte[] {1});
            }
            links.get(2 * BUFFERS).send(new byte[] {1});
            List<Call<@Nullable Lease>> receives = receiveInOneTurn(bench, links);
            for (int i = 0; i < BUFFERS; i++) {
                close(receives.get(i));
            }
            assertThat(bench.watch().errors(Errno.ENOBUFS)).isGreaterThan(BUFFERS);
            close(receives.get(2 * BUFFERS));
        }
    }

    private static void close(Call<@Nullable Lease> receive) throws Exception {
        Lease lease = receive.value();
        assertThat(lease).isNotNull();
        lease.close();
    }

    private static List<Call<@Nullable Lease>> receiveInOneTurn(UringBench bench,
            List<Link> links) throws Exception {
        List<Call<@Nullable Lease>> receives = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            receives.add(bench.call());
        }
        Call<String> posted = bench.call();
        bench.proactor().post("", null, new CompletionHandler<String, @Nullable Object>() {
            @Override
            public void completed(String result, @Nullable Object attachment) {
                for (int i = 0; i < links.size(); i++) {
                    links.get(i).socket().receive(null, receives.get(i));
                }
                posted.completed(result, attachment);
            }

            @Override
            public void failed(Throwable cause, @Nullable Object attachment) {
                posted.failed(cause, attachment);
            }
        });
        posted.value();
        return receives;
    }
}
