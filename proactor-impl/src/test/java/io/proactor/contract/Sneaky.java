package io.proactor.contract;

/** Throws what a lambda is not allowed to throw; a handler may be written in another language. */
final class Sneaky {

    private Sneaky() {}

    /** Throws {@code thrown}, as it is. */
    static void raise(Throwable thrown) {
        Sneaky.<RuntimeException>raiseAs(thrown);
    }

    @SuppressWarnings("unchecked")  // nobody checks, which is the point
    private static <T extends Throwable> void raiseAs(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
