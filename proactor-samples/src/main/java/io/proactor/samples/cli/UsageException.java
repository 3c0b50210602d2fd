package io.proactor.samples.cli;

/** What was asked for cannot be had. The message is one sentence for the person who asked. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Takes the sentence. */
    public UsageException(String sentence) {
        super(sentence);
    }

    /** Takes the sentence, and for those who debug, where it came from. */
    public UsageException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
