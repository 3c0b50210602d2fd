package io.proactor.provider;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asynchronous channels on a processor of this library, for programs written for the JDK's.
 *
 * <p>For a whole JVM: {@code -Djava.nio.channels.spi.AsynchronousChannelProvider=}
 * {@code io.proactor.provider.ProactorAsynchronousChannelProvider}, with this library where the
 * system class loader sees it. For a part of a program: make one of these, open a group from it,
 * and hand the group on.
 *
 * <p>Each group has a processor to itself, the one that {@code -Dproactor.processor} names or else
 * the best that runs here; {@code nio2} stands on the JDK's own channels and is never taken. With
 * {@code -Dproactor.provider.keepAfterTimeout=true}, a channel may be read or written on after a
 * timeout, since no byte was lost; otherwise it may not, as with the JDK's own.
 *
 * <p>Threads: any thread may call every method.
 */
public final class ProactorAsynchronousChannelProvider extends AsynchronousChannelProvider {

    // Made when first asked for; guarded by this.
    private @Nullable ProviderGroup defaultGroup;

    /** For the JDK, which makes one by its name, and for applications. */
    public ProactorAsynchronousChannelProvider() {}

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(int nThreads,
            ThreadFactory threadFactory) throws IOException {
        if (nThreads <= 0) {
            throw new IllegalArgumentException("A group needs at least one thread.");
        }
        Objects.requireNonNull(threadFactory, "threadFactory");
        return ProviderGroup.open(this, GroupThreads.fixed(nThreads, threadFactory));
    }

    /**
     * Opens a group over an executor. The initial size is a hint, of which no use is made: no
     * thread of the executor waits for anything but handlers.
     */
    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor,
            int initialSize) throws IOException {
        Objects.requireNonNull(executor, "executor");
        return ProviderGroup.open(this, new GroupThreads(executor));
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
            @Nullable AsynchronousChannelGroup group) throws IOException {
        return new ProviderServerChannel(this, groupOf(group));
    }

    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(
            @Nullable AsynchronousChannelGroup group) throws IOException {
        return ProviderSocketChannel.open(this, groupOf(group));
    }

    private ProviderGroup groupOf(@Nullable AsynchronousChannelGroup group) throws IOException {
        if (group == null) {
            return defaultGroup();
        }
        if (group instanceof ProviderGroup own) {
            return own;
        }
        throw new IllegalChannelGroupException();
    }

    private synchronized ProviderGroup defaultGroup() throws IOException {
        if (defaultGroup == null) {
            defaultGroup = ProviderGroup.open(this, CachedThreads.open());
        }
        return defaultGroup;
    }
}
