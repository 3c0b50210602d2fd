package io.proactor;

import java.io.IOException;

/** The processor that was asked for does not run here. The message says why. */
public final class ProcessorUnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    ProcessorUnavailableException(String message) {
        super(message);
    }
}
