package io.proactor.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command that runs a failed seed once more: that of the test which is running, of the Maven
 * project that it is part of. Where one project is made of several, it names the one, and is to be
 * given in the folder of them all, which need not have been built.
 */
final class Repetition {

    private static final String LAMBDA = "lambda$";

    /** Where Surefire and Failsafe say which project's tests they run. */
    private static final String PROJECT_PROPERTY = "basedir";

    private Repetition() {}

    static String command(long seed) {
        return "mvn test" + module(Path.of(System.getProperty(PROJECT_PROPERTY, ""))) + test()
                + " -D" + Exploration.SEED_PROPERTY + "=" + seed;
    }

    /** Nothing for a project that is no module of the one in the folder above. */
    static String module(Path project) {
        Path root = project.toAbsolutePath().normalize();
        String name = "";
        while (isModuleOfParent(root)) {
            name = name.isEmpty() ? "" + root.getFileName() : root.getFileName() + "/" + name;
            root = root.getParent();
        }
        // The tests are looked for in the modules that it needs, too, and are not there.
        return name.isEmpty() ? ""
                : " -pl " + name + " -am -Dsurefire.failIfNoSpecifiedTests=false";
    }

    private static boolean isModuleOfParent(@Nullable Path folder) {
        Path parent = folder == null ? null : folder.getParent();
        if (parent == null) {
            return false;
        }
        Path description = parent.resolve("pom.xml");
        try {
            return Files.isRegularFile(description) && Files.readString(description)
                    .contains("<module>" + folder.getFileName() + "</module>");
        } catch (IOException | SecurityException e) {
            return false;  // what cannot be read is no reason to hide what failed
        }
    }

    /** The test's method is what a test framework has called, by reflection. */
    private static String test() {
        List<StackWalker.StackFrame> frames = StackWalker.getInstance().walk(stack -> stack
                .filter(frame -> !frame.getClassName().equals(Repetition.class.getName()))
                .filter(frame -> !frame.getClassName().equals(Simulation.class.getName()))
                .filter(frame -> !frame.getClassName().equals(Exploration.class.getName()))
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
                + method(test.getMethodName()) + "'";
    }

    /** A test that runs its program on a thread of its own shows only what it has there. */
    private static String method(String name) {
        return name.startsWith(LAMBDA)
                ? name.substring(LAMBDA.length(), name.lastIndexOf('$')) : name;
    }
}
