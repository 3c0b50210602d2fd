package io.proactor.engine.simulated;

import java.util.ArrayList;
import java.util.List;

/**
 * What a descriptor stands for. It lives until its descriptor is closed and no request refers to it
 * any more: closing alone ends nothing that is under way, as with io_uring
 * (io_uring_cancelation(7)).
 */
abstract class OpenFile {

    private final List<Runnable> watchers = new ArrayList<>();
    private boolean closed;    // true exactly from when it has no descriptor any more
    private boolean released;  // true exactly from the end of its life
    private int requests;      // that are under way and refer to it

    /** Something has changed that a request may have waited for. */
    final void changed() {
        for (int i = 0; i < watchers.size(); i++) {
            watchers.get(i).run();
        }
    }

    final void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    final void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    final void refer() {
        requests++;
    }

    final void unrefer() {
        assert requests > 0;
        requests--;
        releaseIfUnused();
    }

    final void close() {
        assert !closed;
        closed = true;
        releaseIfUnused();
    }

    final boolean released() {
        return released;
    }

    private void releaseIfUnused() {
        if (closed && requests == 0 && !released) {
            released = true;
            onRelease();
        }
    }

    /** Nobody has it any more. */
    abstract void onRelease();

    /** True if a read, or an accept, would not block. */
    abstract boolean readable();

    /** True if a write would not block. */
    abstract boolean writable();
}
