package io.proactor.provider;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the default group, as {@link java.nio.channels.AsynchronousChannelGroup} describes
 * them: a cached pool of daemon threads, which two system properties can change.
 */
final class CachedThreads {

    private static final String FACTORY = "java.nio.channels.DefaultThreadPool.threadFactory";
    private static final String INITIAL_SIZE = "java.nio.channels.DefaultThreadPool.initialSize";

    /** How long a thread waits for a handler, as in Executors.newCachedThreadPool. */
    private static final long KEEP_ALIVE_SECONDS = 60;

    private CachedThreads() {}

    static GroupThreads open() {
        ThreadFactory configured = configuredFactory();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(initialSize(), Integer.MAX_VALUE,
                KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
                configured != null ? configured : daemons());
        return new GroupThreads(pool);
    }

    private static ThreadFactory daemons() {
        AtomicInteger made = new AtomicInteger();
        return body -> {
            Thread thread = new Thread(body, "provider-default-" + made.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static @Nullable ThreadFactory configuredFactory() {
        String name = System.getProperty(FACTORY);
        if (name == null) {
            return null;
        }
        try {
            return (ThreadFactory) Class.forName(name, true, ClassLoader.getSystemClassLoader())
                    .getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new Error("The thread factory " + name + " could not be made.", e.getCause());
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new Error("The thread factory " + name + " could not be made.", e);
        }
    }

    private static int initialSize() {
        String value = System.getProperty(INITIAL_SIZE);
        try {
            return value == null ? 0 : Math.max(0, Integer.parseInt(value));
        } catch (NumberFormatException e) {
            throw new Error("The value of " + INITIAL_SIZE + " is no number: " + value, e);
        }
    }
}
