package io.proactor.model;

/**
 * A thread of a model test.
 *
 * <p>It is a class of its own because of how Lincheck 3.7 finds out what threads share: it follows
 * the fields of the thread object. On JDK 25 it does not find a {@code Runnable} that was given to
 * {@code new Thread}, takes all that it refers to for the property of one thread, and then tries no
 * schedule that matters: every test passes, whatever it tests. A field of a subclass it finds on
 * all JDKs. {@code RacerModelTest} would notice.
 */
public final class Racer extends Thread {

    private final Runnable body;

    /** Makes a thread that is yet to be started. */
    public Racer(Runnable body) {
        this.body = body;
    }

    /** Starts a thread. */
    public static Racer start(Runnable body) {
        Racer racer = new Racer(body);
        racer.start();
        return racer;
    }

    @Override
    public void run() {
        body.run();
    }

    /** Waits for the end of a thread. */
    public static void finish(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As an assertion that needs no flag and no library, which the checker would look into. */
    public static void require(boolean condition) {
        if (!condition) {
            throw new AssertionError();
        }
    }
}
