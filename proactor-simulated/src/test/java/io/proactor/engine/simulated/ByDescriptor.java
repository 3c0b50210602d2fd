package io.proactor.engine.simulated;

import java.util.List;

/** A planted bug: requests are found by their descriptor, of which there may be several. */
public final class ByDescriptor {

    private ByDescriptor() {}

    /** In place of {@link List#remove(Object)} of the very same request. */
    public static boolean remove(List<?> requests, Object request) {
        for (Object each : requests) {
            if (((Request) each).fd == ((Request) request).fd) {
                return requests.remove(each);
            }
        }
        return false;
    }
}
