package io.proactor.simulation;

import java.util.List;

/** The command that runs a failed seed once more: that of the test which is running. */
final class Repetition {

    private Repetition() {}

    static String command(long seed) {
        return "mvn test" + test() + " -D" + Exploration.SEED_PROPERTY + "=" + seed;
    }

    /** The test's method is what a test framework has called, by reflection. */
    private static String test() {
        List<StackWalker.StackFrame> frames = StackWalker.getInstance().walk(stack -> stack
                .filter(frame -> !frame.getClassName().startsWith("io.proactor.simulation.Sim"))
                .takeWhile(frame -> !frame.getClassName().startsWith("org.junit"))
                .filter(frame -> !frame.getClassName().startsWith("java."))
                .filter(frame -> !frame.getClassName().startsWith("jdk."))
                .toList());
        if (frames.isEmpty()) {
            return "";
        }
        StackWalker.StackFrame test = frames.get(frames.size() - 1);
        String name = test.getClassName();
        return " -Dtest='" + name.substring(name.lastIndexOf('.') + 1) + "#"
                + test.getMethodName() + "'";
    }
}
