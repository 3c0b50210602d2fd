package io.proactor.provider;

/** A thread of a group's processor, on which no handler may run. */
final class ProcessorThread extends Thread {

    /** It inherits no thread-local values: whoever happens to open a group is not kept by it. */
    ProcessorThread(Runnable body) {
        super(null, body, "provider", 0, false);
        setDaemon(true);
    }

    static boolean isCurrent() {
        return Thread.currentThread() instanceof ProcessorThread;
    }
}
