package io.proactor.engine.uring;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
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

    // True exactly when the listener was closed: its number may be another's now. Guarded by this.
    private boolean released;

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

    synchronized void closeListener() {
        assert request == SlotTable.NONE;
        SystemCalls.close(listener);
        released = true;
    }

    /** Any thread. */
    synchronized <T> void setOption(SocketOption<T> option, T value) throws IOException {
        requireOpen();
        SocketOptions.set(listener, option, value);
    }

    /** Any thread. */
    synchronized <T> T getOption(SocketOption<T> option) throws IOException {
        requireOpen();
        return SocketOptions.get(listener, option);
    }

    private void requireOpen() throws ClosedChannelException {
        if (released) {
            throw new ClosedChannelException();
        }
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
