package io.proactor.engine.uring;

/** Who has submitted a request, and is told what came of it. The loop's thread. */
interface Requester {

    /**
     * A completion has come for the request. If it is the last one, the request's slot is free
     * already.
     *
     * @param result of the system call; errors negative
     * @param flags of the completion, {@link io.proactor.engine.uring.ffm.Cqe}
     */
    void onCompletion(int result, int flags);

    /** The requester threw: a bug of ours, or want of memory. What it has pending must end. */
    void onFailure(Throwable cause);
}
