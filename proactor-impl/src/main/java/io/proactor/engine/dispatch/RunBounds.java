package io.proactor.engine.dispatch;

/**
 * What holds for each run of an {@link ExecutorDispatcher}.
 *
 * @param handlersMax handlers per run, so that an executor that has other tasks comes to those too
 * @param lostNanos a run that was asked for this long ago, and has not begun, may be lost. One run
 *     too many does no harm
 */
record RunBounds(int handlersMax, long lostNanos) {

    static final RunBounds USUAL = new RunBounds(64, 100_000_000);
}
