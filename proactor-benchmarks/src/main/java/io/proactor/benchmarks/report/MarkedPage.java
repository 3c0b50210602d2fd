package io.proactor.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page that people write, with parts that a command writes: those between two marks. */
public final class MarkedPage {

    private MarkedPage() {}

    /**
     * Replaces a part.
     *
     * @throws IOException also if the page has no such part
     */
    public static void update(Path page, String part, String text) throws IOException {
        String begin = "<!-- begin " + part + " -->\n";
        String end = "<!-- end " + part + " -->\n";
        String old = Files.readString(page);
        int from = old.indexOf(begin);
        int to = old.indexOf(end);
        if (from < 0 || to < from) {
            throw new IOException(page + " has no lines '" + begin.strip() + "' and '"
                    + end.strip() + "'");
        }
        Files.writeString(page,
                old.substring(0, from + begin.length()) + "\n" + text + "\n" + old.substring(to));
    }

    /** Returns the folder beside a page that is named like it. */
    public static Path chartsOf(Path page) {
        String name = page.getFileName().toString();
        return page.resolveSibling(name.substring(0, name.lastIndexOf('.')));
    }
}
