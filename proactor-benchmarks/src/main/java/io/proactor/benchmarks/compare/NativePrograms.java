package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Compiles our C sources, which travel in the JAR, on first use. One thread. */
final class NativePrograms {

    private static final long COMPILE_SECONDS = 60;

    private final Path folder;
    private final boolean allowed;
    private final Map<String, Path> compiled = new HashMap<>();

    /**
     * Names where the programs are put.
     *
     * @param allowed false to do as if there were no gcc
     */
    NativePrograms(Path folder, boolean allowed) {
        this.folder = folder;
        this.allowed = allowed;
    }

    /**
     * Returns an executable made of {@code NAME.c}.
     *
     * @throws Unavailable if there is no gcc, or it refuses
     */
    Path get(String name) throws IOException, InterruptedException, Unavailable {
        Path program = compiled.get(name);
        if (program == null) {
            program = compile(name);
            compiled.put(name, program);
        }
        return program;
    }

    private Path compile(String name) throws IOException, InterruptedException, Unavailable {
        if (!allowed || CommandSearch.find("gcc") == null) {
            throw new Unavailable("there is no gcc to compile it");
        }
        Files.createDirectories(folder);
        Path source = folder.resolve(name + ".c");
        try (InputStream in = NativePrograms.class.getResourceAsStream("/src/" + name + ".c")) {
            if (in == null) {
                throw new IllegalArgumentException("No source of " + name);
            }
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
        }
        Path program = folder.resolve(name);
        Process gcc = new ProcessBuilder(List.of("gcc", "-std=gnu11", "-O2", "-o",
                program.toString(), source.toString())).redirectErrorStream(true).start();
        gcc.getOutputStream().close();
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!gcc.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
            gcc.destroyForcibly();
            throw new Unavailable("gcc refuses it: " + said.lines().findFirst().orElse("?"));
        }
        return program;
    }
}
