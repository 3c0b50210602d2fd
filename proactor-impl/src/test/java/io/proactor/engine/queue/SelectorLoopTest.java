package io.proactor.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoMoreInteractions;

import io.proactor.engine.event.ReceiveBuffers;
import io.proactor.spi.ProcessorContext;
import io.proactor.spi.ProcessorListener;
import io.proactor.spi.ReceiveLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a member throws costs that member, and neither the others nor the selector. */
final class SelectorLoopTest {

    private static final Error NO_MEMORY = new OutOfMemoryError("thrown by a test");

    private final ProcessorListener listener = mock(ProcessorListener.class);
    private final ProcessorContext context =
            new ProcessorContext(1, null, 0, Thread::new, "test-", listener);
    private SelectorLoop loop;
    private Thread thread;

    @BeforeEach
    void start() throws Exception {
        loop = new SelectorLoop(context, SelectorCalls.DIRECT,
                new ReceiveBuffers(ReceiveLimits.defaults()));
        loop.dispatchTo(event -> {
            throw new AssertionError("nothing completes");
        });
        thread = context.newThread("loop", loop);
        loop.belongTo(thread);
        thread.start();
    }

    @AfterEach
    void stop() throws Exception {
        loop.stop();
        thread.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(thread.isAlive()).isFalse();
    }

    /** Writes down what it is told. */
    private final class Member implements LoopMember {
        private final Membership membership = new Membership(loop, this);
        private final List<String> told = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch looked = new CountDownLatch(1);
        private final CountDownLatch failed = new CountDownLatch(1);
        private final boolean throwing;

        Member(boolean throwing) {
            this.throwing = throwing;
        }

        @Override
        public void onCommand() {
            told.add("command");
            if (membership.index == Membership.NONE) {
                loop.attach(membership);
            }
            if (throwing) {
                throw NO_MEMORY;
            }
            looked.countDown();
        }

        @Override
        public void onReady(int readyOps) {
            told.add("ready");
        }

        @Override
        public void onDrain() {
            told.add("drain");
        }

        @Override
        public void onNewSelector() {
            told.add("new selector");
        }

        @Override
        public void onFailure(Throwable cause) {
            assertThat(cause).isSameAs(NO_MEMORY);
            told.add("failure");
            loop.detach(membership);
            failed.countDown();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void memberThatThrowsIsToldAndNobodyElse() throws Exception {
        Member bystander = new Member(false);
        bystander.membership.signal();
        await(bystander.looked);
        Member throwing = new Member(true);
        throwing.membership.signal();
        await(throwing.failed);
        Member next = new Member(false);
        next.membership.signal();
        await(next.looked);
        assertThat(throwing.told).containsExactly("command", "failure");
        assertThat(bystander.told).containsExactly("command");
        verify(listener).processorFailed(NO_MEMORY);
        verifyNoMoreInteractions(listener);
    }
}
