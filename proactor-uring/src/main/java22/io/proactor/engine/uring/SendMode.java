package io.proactor.engine.uring;

import io.proactor.engine.uring.ffm.SocketFlags;
import io.proactor.engine.uring.ffm.Sqe;

/** What a send does about room that the socket does not have. */
enum SendMode {

    /** Sends what there is room for within the submission; told only if that is not all of it. */
    AT_ONCE(SocketFlags.MSG_DONTWAIT | SocketFlags.MSG_WAITALL, Sqe.IOSQE_CQE_SKIP_SUCCESS),

    /** Waits until all of it went out, unless that fails midway. */
    WHOLE(SocketFlags.MSG_WAITALL, 0),

    /** Waits until there is room for something, and sends that. */
    SOME(0, 0);

    final int messageFlags;
    final int entryFlags;

    SendMode(int messageFlags, int entryFlags) {
        this.messageFlags = messageFlags | SocketFlags.MSG_NOSIGNAL;
        this.entryFlags = entryFlags;
    }
}
