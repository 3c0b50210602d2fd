package io.proactor.engine.nio2;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CompletionHandler;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one call of its kind that a handle may have with the JDK, and the JDK's completion handler
 * for it. It only keeps the result and signals; the handle's holder looks at it in its turn.
 *
 * <p>The JDK calls a handler a second time if it could not register the descriptor with the system:
 * first with an {@code AssertionError} (sun.nio.ch.EPollPort.startPoll), then, when the channel is
 * closed, as if the call had been pending all the while. The second time is ignored. Until then
 * the JDK may still carry the call out, as soon as it registers the descriptor for anything else;
 * so the call {@linkplain #trusted cannot be trusted}: it is not to be begun again, its buffer is
 * not to be used again, and a connection that has such a call is given up.
 *
 * @param <V> the JDK's result
 */
final class PhysicalCall<V> implements CompletionHandler<V, @Nullable Void> {

    /*
     *   IDLE --begin--> FLYING --the JDK calls--> LANDING --> LANDED --clear--> IDLE
     *
     * IDLE      the holder owns the call and its buffer
     * FLYING    the JDK owns both
     * LANDING   the calling thread of the JDK fills in the result
     * LANDED    the holder owns both, and has yet to look
     *
     * The JDK's thread moves by CAS, so that of two calls one wins; the holder by plain stores,
     * since it alone moves from where it is.
     */
    private static final int IDLE = 0;
    private static final int FLYING = 1;
    private static final int LANDING = 2;
    private static final int LANDED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PhysicalCall.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Serializer serializer;
    private final Consumer<? super V> unwanted;
    private final Runnable afterwards;

    private volatile int state = IDLE;

    // Written while LANDING, published by the store of LANDED.
    private @Nullable V result;
    private @Nullable Throwable failure;

    // False from the first failure that is none of the system's. The holder's.
    private boolean trusted = true;

    /**
     * @param serializer of the handle
     * @param unwanted takes the result of a call that has landed before
     */
    PhysicalCall(Serializer serializer, Consumer<? super V> unwanted) {
        this(serializer, unwanted, () -> { });
    }

    /**
     * @param afterwards is called when the calling thread of the JDK has seen to the result
     */
    PhysicalCall(Serializer serializer, Consumer<? super V> unwanted, Runnable afterwards) {
        this.serializer = serializer;
        this.unwanted = unwanted;
        this.afterwards = afterwards;
    }

    /** The holder, just before it makes the call. IDLE→FLYING. */
    void begin() {
        assert state == IDLE;
        assert trusted;
        state = FLYING;
    }

    /** The JDK, on any thread. */
    @Override
    public void completed(V value, @Nullable Void attachment) {
        if (!land(value, null)) {
            unwanted.accept(value);
        }
    }

    /** The JDK, on any thread; or the holder, if the call itself threw. */
    @Override
    public void failed(Throwable thrown, @Nullable Void attachment) {
        land(null, thrown);
    }

    private boolean land(@Nullable V value, @Nullable Throwable thrown) {
        if (!STATE.compareAndSet(this, FLYING, LANDING)) {
            return false;
        }
        result = value;
        failure = thrown;
        state = LANDED;
        if (serializer.signal()) {
            afterwards.run();
        }
        return true;
    }

    /** The holder. True if the call and its buffer are its own; stays so until it begins a call. */
    boolean idle() {
        return state == IDLE;
    }

    /** The holder. True if there is a result that has not been taken. */
    boolean landed() {
        return state == LANDED;
    }

    /** The holder, LANDED. Returns why the call failed, or null if it did not. */
    @Nullable Throwable failure() {
        assert landed();
        return failure;
    }

    /** The holder, LANDED and no failure. */
    V result() {
        assert landed();
        assert failure == null;
        return Objects.requireNonNull(result);
    }

    /** The holder. LANDED→IDLE: the result was taken. */
    void clear() {
        assert landed();
        trusted &= failure == null || failure instanceof IOException;
        result = null;
        failure = null;
        state = IDLE;
    }

    /** The holder. True if the call may be begun again, and its buffer be used again. */
    boolean trusted() {
        return trusted;
    }
}
