package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.util.List;

/**
 * What puts the load on.
 *
 * @param command starts it, without pinning and without its arguments
 * @param compiled true exactly when it is the one in C
 * @param description a few words
 */
record LoadProgram(List<String> command, boolean compiled, String description) {

    private static final String JAVA_MAIN = "io.proactor.benchmarks.load.LoadMain";

    /** Returns the one in C if it can be compiled, and else the one in Java. */
    static LoadProgram best(NativePrograms programs, Jvm jvm)
            throws IOException, InterruptedException {
        try {
            return new LoadProgram(List.of(programs.get("load").toString()), true, "C on epoll");
        } catch (Unavailable e) {
            return new LoadProgram(jvm.command(List.of(JAVA_MAIN)), false,
                    "Java on a selector: " + e.getMessage());
        }
    }
}
