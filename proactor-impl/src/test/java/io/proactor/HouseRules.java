package io.proactor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link HouseRulesTest} holds every source file against. Pure: text in, complaints out. */
final class HouseRules {

    /** The floors of docs/architecture.md. A package may use what stands below it, and itself. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("io.proactor.operation", 0),
            Map.entry("io.proactor.spi", 1),
            Map.entry("io.proactor", 2),
            Map.entry("io.proactor.engine.event", 3),
            Map.entry("io.proactor.engine.dispatch", 4),
            Map.entry("io.proactor.engine.uring.ffm", 5),
            Map.entry("io.proactor.engine.nio2", 6),
            Map.entry("io.proactor.engine.queue", 6),
            Map.entry("io.proactor.engine.uring", 6),
            Map.entry("io.proactor.engine.simulated", 6),
            Map.entry("io.proactor.provider", 6),
            Map.entry("io.proactor.simulation", 7));

    /** What is written with the library, and stands on its upper side. */
    private static final List<String> PROGRAMS =
            List.of("io.proactor.samples", "io.proactor.benchmarks");

    /** Micro-benchmarks of what applications never see. */
    private static final String INSIDE = "io.proactor.benchmarks.inside";

    private static final int LINES_MAX = 400;
    private static final int COLUMNS_MAX = 100;

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern REFERENCE =
            Pattern.compile("\\b(io\\.proactor(?:\\.[a-z][\\w]*)*)\\.[A-Z*]");
    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);
    private static final Pattern BAD_NAME =
            Pattern.compile("(Util|Utils|Manager|Helper|Impl)$|^(Abstract|Base|Default)[A-Z]");
    private static final Map<String, Pattern> BANNED = Map.of(
            "printStackTrace", Pattern.compile("\\bprintStackTrace\\b"),
            "Thread.sleep", Pattern.compile("\\bThread\\.sleep\\b"),
            "System.exit", Pattern.compile("\\bSystem\\.exit\\b"),
            "printing", Pattern.compile("\\bSystem\\.(out|err)\\b"));
    private static final Pattern UNNUMBERED_TODO = Pattern.compile("\\b(TODO|FIXME)\\b(?! *\\(#\\d+)");

    private HouseRules() {}

    /** Returns what is wrong with a file, a sentence each; empty if nothing is. */
    static List<String> complaints(String name, String source) {
        List<String> complaints = new ArrayList<>();
        String code = COMMENT.matcher(source).replaceAll("");
        boolean program = name.contains("proactor-samples") || name.contains("proactor-benchmarks");
        floors(name, code, complaints);
        BANNED.forEach((word, pattern) -> {
            boolean allowed = program && !word.equals("printStackTrace") && !word.equals("Thread.sleep");
            if (!allowed && pattern.matcher(code).find()) {
                complaints.add(name + " uses " + word + ".");
            }
        });
        if (UNNUMBERED_TODO.matcher(source).find()) {
            complaints.add(name + " has a to-do without the number of an issue.");
        }
        size(name, source, complaints);
        String type = name.substring(name.lastIndexOf('/') + 1).replace(".java", "");
        if (BAD_NAME.matcher(type).find()) {
            complaints.add(name + " is not named after what distinguishes it.");
        }
        return complaints;
    }

    private static void size(String name, String source, List<String> complaints) {
        List<String> lines = source.lines().toList();
        if (lines.size() > LINES_MAX) {
            complaints.add(name + " has " + lines.size() + " lines; split what is two ideas.");
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > COLUMNS_MAX) {
                complaints.add(name + ":" + (i + 1) + " is longer than " + COLUMNS_MAX + " columns.");
            }
        }
    }

    private static void floors(String name, String code, List<String> complaints) {
        Matcher declared = PACKAGE.matcher(code);
        if (!declared.find()) {
            return;  // module-info
        }
        String own = declared.group(1);
        String program = PROGRAMS.stream().filter(own::startsWith).findFirst().orElse("");
        if (program.isEmpty() && !FLOORS.containsKey(own)) {
            complaints.add(name + ": the package " + own + " stands on no floor.");
            return;
        }
        Matcher reference = REFERENCE.matcher(code.substring(declared.end()));
        while (reference.find()) {
            String used = reference.group(1);
            boolean allowed = used.equals(own) || own.equals(INSIDE)
                    || (!program.isEmpty() ? used.equals("io.proactor") || used.startsWith(program)
                    : FLOORS.getOrDefault(used, Integer.MAX_VALUE) < FLOORS.get(own));
            if (!allowed) {
                complaints.add(name + " must not use " + used + ".");
            }
        }
    }
}
