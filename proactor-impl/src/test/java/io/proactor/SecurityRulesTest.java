package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What no code of the library's and its samples' may do, whatever a peer sends: make objects,
 * classes or programs of it, or match it with regular expressions, whose cost a stranger could
 * choose. Reads the main sources; see SECURITY.md.
 */
final class SecurityRulesTest {

    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    private static final Map<String, Pattern> BANNED = Map.of(
            "deserialization", Pattern.compile("\\bObjectInputStream\\b|\\breadObject\\b"),
            "a program", Pattern.compile("\\bProcessBuilder\\b|\\bgetRuntime\\(\\)\\s*\\.exec\\b"),
            "a class by name", Pattern.compile("\\bClass\\.forName\\b|\\.loadClass\\(|\\bgetMethod\\("),
            "a script or a directory", Pattern.compile("\\bScriptEngine|\\bjavax\\.naming\\b"),
            "a regular expression", Pattern.compile("\\bjava\\.util\\.regex\\b"
                    + "|\\.(matches|replaceAll|replaceFirst|split)\\(\\s*\""));

    /** What these use is the operator's, or a constant: never a peer's. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            // Starts the server of the idle command, and reads what that and jcmd print.
            "ServerProcess.java", Set.of("a program", "a regular expression"),
            // A method of Java 21, by a constant name, from code for Java 17.
            "HandlerThreads.java", Set.of("a class by name"),
            // The thread factory that a system property names, as the JDK's provider has it.
            "CachedThreads.java", Set.of("a class by name"),
            // What the servers and peers that a soak run has started print and say.
            "SoakFanOut.java", Set.of("a regular expression"),
            "ChatPeer.java", Set.of("a regular expression"),
            // What the operator types on the server's own terminal.
            "Operator.java", Set.of("a regular expression"));

    @Test
    void nothingIsMadeOfWhatPeersSend() throws IOException {
        List<String> complaints = new ArrayList<>();
        int files = 0;
        for (Path file : sources()) {
            complaints.addAll(complaints(file.getFileName().toString(), Files.readString(file)));
            files++;
        }
        assertThat(files).isGreaterThan(150);
        assertThat(complaints).isEmpty();
    }

    @Test
    void eachOfThemIsCaught() {
        for (String planted : List.of("new ObjectInputStream(in)", "new ProcessBuilder(line)",
                "Runtime.getRuntime().exec(line)", "Class.forName(line)", "loader.loadClass(line)",
                "new ScriptEngineManager()", "line.matches(\"a*\")", "line.split( \"x\")",
                "import java.util.regex.Pattern;")) {
            assertThat(complaints("Planted.java", "x = " + planted)).as(planted).hasSize(1);
        }
        assertThat(complaints("ServerProcess.java", "new ObjectInputStream(in)")).hasSize(1);
    }

    private static List<String> complaints(String name, String source) {
        List<String> complaints = new ArrayList<>();
        BANNED.forEach((what, pattern) -> {
            if (!ALLOWED.getOrDefault(name, Set.of()).contains(what)
                    && pattern.matcher(source).find()) {
                complaints.add(name + " makes use of " + what + ".");
            }
        });
        return complaints;
    }

    /** Of what is shipped, and of the samples, which people copy from. */
    private static List<Path> sources() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : List.of("proactor-api", "proactor-impl", "proactor-uring",
                "proactor-samples")) {
            for (String root : List.of("src/main/java", "src/main/java22")) {
                Path folder = PROJECT.resolve(module).resolve(root);
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java"))
                                .forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
