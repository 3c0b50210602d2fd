package io.proactor.engine.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.ResetByPeerException;
import io.proactor.engine.uring.ffm.Errno;
import io.proactor.engine.uring.ffm.SystemCallException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the kernel's numbers become. */
final class ErrorsTest {

    @Test
    void failureThatPeersCauseNamesCallAndNumberAndRecordsNoStack() {
        IOException failure = Errors.transfer("recv", Errno.ECONNRESET, 7);
        assertThat(failure).isExactlyInstanceOf(ResetByPeerException.class);
        assertThat(failure.getStackTrace()).isEmpty();
        assertThat(failure.getCause()).isInstanceOf(SystemCallException.class)
                .hasMessage("recv failed with ECONNRESET (104)");
        assertThat(failure.getCause().getStackTrace()).isEmpty();
    }

    @Test
    void callThatIsRefusedShowsWhereItWasMade() {
        SystemCallException refused = new SystemCallException("setsockopt", Errno.EINVAL);
        assertThat(refused).hasMessage("setsockopt failed with EINVAL (22)");
        assertThat(refused.getStackTrace()[0].getClassName()).isEqualTo(getClass().getName());
    }
}
