package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.SystemCalls;

/** A listening socket, and the poll that tells when a connection waits on it. The loop's thread. */
final class ListenerPoll implements Requester {

    private final UringListenHandle handle;
    private final int listener;
    private long request = SlotTable.NONE;  // what is in flight, or NONE
    private boolean cancelling;  // true exactly from the cancel of the request to its completion

    ListenerPoll(UringListenHandle handle, int listener) {
        this.handle = handle;
        this.listener = listener;
    }

    int listener() {
        return listener;
    }

    boolean inFlight() {
        return request != SlotTable.NONE;
    }

    void submit(Requests requests) {
        request = requests.poll(this, listener, false);
    }

    void cancel(Requests requests) {
        if (request != SlotTable.NONE && !cancelling) {
            cancelling = true;
            requests.cancel(request);
        }
    }

    /** Nothing will be heard of the request any more. */
    void forget() {
        request = SlotTable.NONE;
        cancelling = false;
    }

    void shutdownListener() {
        SystemCalls.shutdown(listener, SocketFlags.SHUT_RDWR);
    }

    void closeListener() {
        assert request == SlotTable.NONE;
        SystemCalls.close(listener);
    }

    /** Whatever the result is, an accept tells more of it. */
    @Override
    public void onCompletion(int result, int flags) {
        forget();
        handle.onConnection();
    }

    @Override
    public void onFailure(Throwable cause) {
        handle.onFailure(cause);
    }
}
