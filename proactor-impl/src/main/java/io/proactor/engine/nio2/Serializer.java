package io.proactor.engine.nio2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;

/**
 * Lets one thread at a time act for a handle, without a lock and without a thread of its own, so
 * that the code of a handle is as single-threaded as that of a loop. Whoever has a message for the
 * handle leaves it in the handle's fields and signals; the one who signals while nobody holds the
 * serializer becomes the holder, and takes turns for the handle until nothing is new.
 *
 * <p>The JDK may call a completion handler inside the call that starts an operation. That handler
 * only leaves its result and signals; it finds the serializer held by its own thread and returns,
 * so nothing recurses.
 *
 * <p>Turns never call code of the application: completions go through the dispatcher.
 */
final class Serializer implements Runnable {

    /** Whom a serializer acts for. Both methods are called by the holder. */
    interface Member {

        /** Something may be new; looks at everything. */
        void onTurn();

        /** A turn threw, which is a bug of ours or want of memory. Must not throw. */
        void onFailure(Throwable thrown);
    }

    /**
     * Turns until the holder passes the serializer on: a thread that only initiates something must
     * not be kept for ever by a handle that others keep busy. 16 is the JDK's own number for nested
     * handlers (sun.nio.ch.Invoker, {@code maxHandlerInvokeCount}).
     */
    static final int TURNS_MAX = 16;

    /*
     *          signal                   signal
     *   FREE ----------> SIGNALLED <------------- HELD
     *    ^                   |   the holder looks  ^ |
     *    |                   +---------------------+ |
     *    +-------------------------------------------+  the holder saw nothing new
     *
     * FREE        nobody holds it
     * HELD        somebody takes a turn, and nothing is new since the turn began
     * SIGNALLED   somebody holds it, or it is on its way to the relay; another turn is due
     */
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int SIGNALLED = 2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Serializer.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Member member;
    private final Executor relay;

    // Any thread: get-and-set; the holder: CAS to let go.
    @SuppressWarnings("unused")  // by its VarHandle
    private volatile int state = FREE;

    /**
     * @param relay runs the serializer on another thread, later, when the holder has had its turns
     */
    Serializer(Member member, Executor relay) {
        this.member = member;
        this.relay = relay;
    }

    /**
     * Any thread, after it has left its message. True if the caller has taken turns, and is outside
     * of all of them again.
     */
    boolean signal() {
        if ((int) STATE.getAndSet(this, SIGNALLED) != FREE) {
            return false;
        }
        run();
        return true;
    }

    /** The holder: the one whose signal found it free, then the relay. */
    @Override
    public void run() {
        for (int turns = 0; turns < TURNS_MAX; turns++) {
            // Before the look, and with a full fence: whoever leaves a message later finds HELD and
            // changes it, and whatever was left earlier is seen.
            Object before = STATE.getAndSet(this, HELD);
            assert (int) before == SIGNALLED;
            try {
                member.onTurn();
            } catch (Throwable thrown) {
                // Errors too: a serializer that is never let go would be a connection that hangs.
                member.onFailure(thrown);
            }
            if (STATE.compareAndSet(this, HELD, FREE)) {
                return;
            }
        }
        relay.execute(this);
    }
}
