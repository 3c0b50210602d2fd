package io.proactor.engine.uring;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether this processor runs here.
 *
 * @param refusal why not, and what to do about it, as a clause; null exactly if it runs
 * @param features what it may use; null exactly if it does not run
 * @param demanded whether the user has said that it is this processor or none
 */
record Availability(@Nullable String refusal, @Nullable Features features, boolean demanded) {

    Availability {
        assert (refusal == null) == (features != null);
    }

    static Availability refused(String reason, boolean demanded) {
        return new Availability(reason, null, demanded);
    }

    static Availability of(Features features, boolean demanded) {
        return new Availability(null, features, demanded);
    }

    /** Returns the answer of this process, which is found once. Any thread. */
    static Availability get() {
        return OfThisProcess.ANSWER;
    }

    /** Asked for by the first thread that needs it; loading the class finds it. */
    private static final class OfThisProcess {
        static final Availability ANSWER = Probe.probe(System::getProperty);
    }

    /** Returns what may be used, where it runs. */
    Features usable() {
        return Objects.requireNonNull(features, "asked although it does not run here");
    }
}
