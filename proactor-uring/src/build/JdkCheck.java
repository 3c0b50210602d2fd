import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Run by the build with the JDK that compiles and tests, which need not be the one that runs Maven:
 * writes down whether that JDK can compile the versioned part of this module.
 */
final class JdkCheck {

    private static final int NEEDED = 22;

    public static void main(String[] arguments) throws IOException {
        Path properties = Path.of(arguments[0]);
        int found = Runtime.version().feature();
        boolean skip = found < NEEDED;
        if (skip) {
            System.out.println("[WARNING] proactor-uring: the processor uring and its tests are "
                    + "SKIPPED. They need a JDK of version " + NEEDED + " or later, and the newest "
                    + "that the build finds is " + found + " (" + System.getProperty("java.home")
                    + "). The JAR will hold the part for Java 17 only.");
        }
        Files.createDirectories(properties.getParent());
        Files.writeString(properties, "proactor.uring.skip=" + skip + "\n");
    }
}
