package io.proactor.benchmarks.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that was measured, in one or several runs. Its fields are the JSON file. One thread. */
public final class Results {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private final Map<String, String> machine = new TreeMap<>();
    private final Map<String, String> missing = new TreeMap<>();
    private final List<LoadFigures> loads = new ArrayList<>();
    private final List<CallFigures> calls = new ArrayList<>();
    private final List<IdleFigures> idles = new ArrayList<>();

    /** Reads a file; empty if there is none. */
    public static Results read(Path file) throws IOException {
        return Files.exists(file) ? GSON.fromJson(Files.readString(file), Results.class)
                : new Results();
    }

    /** Writes a file. */
    public void write(Path file) throws IOException {
        Files.writeString(file, GSON.toJson(this) + "\n");
    }

    /** Returns what is known of the machine: a word and a value each. May be added to. */
    public Map<String, String> machine() {
        return machine;
    }

    /** Returns why a server was left out. May be added to. */
    public Map<String, String> missing() {
        return missing;
    }

    /** Returns the figures under load. May be added to. */
    public List<LoadFigures> loads() {
        return loads;
    }

    /** Returns the system calls, one for each case and server. */
    public List<CallFigures> calls() {
        return List.copyOf(calls);
    }

    /** Returns what idle connections cost, one for each server. */
    public List<IdleFigures> idles() {
        return List.copyOf(idles);
    }

    /** Adds system calls, in the place of earlier ones of the same server in the same case. */
    public void add(CallFigures figures) {
        calls.removeIf(each -> each.server().equals(figures.server())
                && each.load().equals(figures.load()));
        calls.add(figures);
    }

    /** Adds what idle connections cost, in the place of earlier ones of the same server. */
    public void add(IdleFigures figures) {
        idles.removeIf(each -> each.server().equals(figures.server()));
        idles.add(figures);
    }
}
