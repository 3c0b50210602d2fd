package io.proactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows, compiles; what the documents link to, is there. */
final class ReadmeTest {

    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void theEchoServerOfTheReadmeCompiles(@TempDir Path folder) throws IOException {
        Matcher example = JAVA.matcher(Files.readString(PROJECT.resolve("README.md")));
        assertThat(example.find()).isTrue();
        Path source = Files.writeString(folder.resolve("Echo.java"), example.group(1));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result = compiler.run(null, null, null, "-Xlint:all", "-Werror", "-proc:none",
                "--release", "17", "-d", folder.toString(),
                "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(result).isZero();
    }

    @Test
    void everyLinkOfTheDocumentsLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    dead.add(PROJECT.relativize(document) + " -> " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    /** A document that names a test must not outlive it: the invariants say who holds them. */
    @ParameterizedTest
    @ValueSource(strings = {"docs/invariants.md", "docs/reliability.md"})
    void everyTestThatADocumentNamesIsThere(String document) throws IOException {
        String text = Files.readString(PROJECT.resolve(document));
        Matcher name = Pattern.compile("`(\\w+(?:Contract|Test))\\.(\\w+)`").matcher(text);
        List<String> missing = new ArrayList<>();
        int named = 0;
        while (name.find()) {
            named++;
            if (!testExists(name.group(1), name.group(2))) {
                missing.add(name.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(named).isGreaterThanOrEqualTo(10);
    }

    private static boolean testExists(String type, String method) throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT, 12)) {
            for (Path file : files.filter(each -> each.endsWith(type + ".java")).toList()) {
                if (Files.readString(file).contains(" " + method + "(")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(PROJECT.resolve("README.md")));
        try (Stream<Path> files = Files.walk(PROJECT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
        }
        return documents;
    }
}
