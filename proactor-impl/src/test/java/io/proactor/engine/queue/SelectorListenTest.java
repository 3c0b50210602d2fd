package io.proactor.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.operation.AcceptOperation;
import io.proactor.operation.OperationOwner;
import io.proactor.spi.Admission;
import io.proactor.spi.ListenHandle;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorListener;
import io.proactor.spi.ReceiveLimits;
import io.proactor.spi.StreamHandle;
import io.proactor.spi.WriteBudget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener does with handles that it is given for its connections. */
final class SelectorListenTest {

    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private ProcessorContext context;
    private QueueProcessor processor;

    private final class Listener implements ProcessorListener {
        @Override
        public void handlerThrew(Throwable thrown, long operationId, OperationOwner owner) {
            failures.add(thrown);
        }

        @Override
        public void acceptFailed(ListenHandle handle, Throwable failure, long pauseNanos) {
            failures.add(failure);
        }

        @Override
        public void handlerSlow(Thread thread, long nanos) {
            // None is.
        }

        @Override
        public void processorFailed(Throwable failure) {
            failures.add(failure);
        }
    }

    @BeforeEach
    void open() throws Exception {
        context = new ProcessorContext(1, null, 0, SelectorListenTest::daemon, "queue-test-",
                new Listener(), ReceiveLimits.defaults(), new WriteBudget(0), false);
        processor = QueueProcessor.open(context, SelectorCalls.DIRECT);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        return thread;
    }

    @AfterEach
    void close() throws Exception {
        processor.drain();
        context.refuse();
        processor.abort();
        assertThat(processor.terminate(TimeUnit.SECONDS.toNanos(20))).isTrue();
        assertThat(failures).isEmpty();
    }

    /** Somebody may close a socket at rest at the moment at which it is taken for a connection. */
    @Test
    void connectionThatIsPutIntoAClosedHandleIsClosed() throws Exception {
        StreamHandle rests = processor.openStream();
        ListenHandle listener =
                processor.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        listener.admission(new Admission() {
            @Override
            public boolean admit() {
                return true;
            }

            @Override
            public StreamHandle recycled() {
                rests.close();
                assertThat(rests.terminated()).as("there is one loop, and this is it").isTrue();
                return rests;
            }

            @Override
            public void unused(StreamHandle handle) {
                throw new AssertionError("it was used");
            }

            @Override
            public void taken() {
                // Places that are reserved and that are taken are not told apart here.
            }

            @Override
            public void withdraw() {
                // Nothing was taken.
            }
        });
        BlockingQueue<StreamHandle> accepted = new LinkedBlockingQueue<>();
        AcceptOperation accept = listener.newAccept();
        assertThat(listener.claim(accept)).isTrue();
        accept.prepare(0, null, new CompletionHandler<StreamHandle, Object>() {
            @Override
            public void completed(StreamHandle stream, Object attachment) {
                accepted.add(stream);
            }

            @Override
            public void failed(Throwable cause, Object attachment) {
                failures.add(cause);
            }
        });
        listener.initiate(accept);
        try (Socket client = new Socket()) {
            client.connect(listener.localAddress());
            client.setSoTimeout(20_000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(accepted.poll(20, TimeUnit.SECONDS)).isSameAs(rests);
        }
        listener.close();
    }
}
