package io.proactor.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All the servers there are. */
final class ServerCatalogue {

    private static final String MAIN = "io.proactor.benchmarks.server.ServerMain";

    private final List<ServerKind> kinds = new ArrayList<>();
    private final NativePrograms programs;
    private final Jvm jvm;
    private final String suffix;

    /** Names what they are made with, and what is put behind the names of those in Java. */
    ServerCatalogue(NativePrograms programs, Jvm jvm, String suffix) {
        this.suffix = suffix;
        this.programs = programs;
        this.jvm = jvm;
        compiled("c-epoll", "C on epoll, one thread", "echo_epoll");
        compiled("c-uring", "C on io_uring, one thread", "echo_uring");
        java("uring", "this library, io_uring", 22, "proactor", "uring", "default");
        java("queue", "this library, selectors", 17, "proactor", "queue", "default");
        java("nio2", "this library, the JDK's channel group", 17, "proactor", "nio2", "default");
        java("uring-read", "this library, io_uring, a buffer for each connection", 22,
                "proactor-read", "uring", "default");
        java("queue-read", "this library, selectors, a buffer for each connection", 17,
                "proactor-read", "queue", "default");
        java("nio2-read", "this library, the JDK's channel group, a buffer for each connection",
                17, "proactor-read", "nio2", "default");
        java("uring-pooled4", "this library, io_uring, 4 dispatcher threads", 22,
                "proactor", "uring", "pooled4");
        java("queue-pooled4", "this library, selectors, 4 dispatcher threads", 17,
                "proactor", "queue", "pooled4");
        java("nio2-pooled4", "this library, the JDK's channel group, 4 dispatcher threads", 17,
                "proactor", "nio2", "pooled4");
        java("uring-executor4", "this library, io_uring, handlers on a pool of 4 threads", 22,
                "proactor", "uring", "executor4");
        java("queue-executor4", "this library, selectors, handlers on a pool of 4 threads", 17,
                "proactor", "queue", "executor4");
        java("nio2-executor4", "this library, the JDK's channel group, handlers on a pool of 4"
                + " threads", 17, "proactor", "nio2", "executor4");
        java("uring-foreign", "this library, io_uring, all initiated by another thread", 22,
                "proactor-foreign", "uring", "default");
        java("queue-foreign", "this library, selectors, all initiated by another thread", 17,
                "proactor-foreign", "queue", "default");
        java("nio2-foreign", "this library, the JDK's channel group, all initiated by another"
                + " thread", 17, "proactor-foreign", "nio2", "default");
        java("selector", "a bare selector loop", 17, "selector");
        java("reactor-pool4", "a selector loop that hands ready channels to 4 workers", 17,
                "reactor-pool", "4");
        java("raw-nio2-1", "NIO.2 without a library, one thread", 17, "nio2", "1");
        java("raw-nio2-2", "NIO.2 without a library, two threads", 17, "nio2", "2");
        java("virtual", "a virtual thread for each connection", 21,
                List.of("-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1"), "virtual");
        java("netty-nio", "Netty 4.2 on selectors", 17, "netty", "nio");
        java("netty-epoll", "Netty 4.2 on its epoll transport", 17, "netty", "epoll");
        java("netty-uring", "Netty 4.2 on its io_uring transport", 17, "netty", "io_uring");
        java("smart-socket", "smart-socket, two threads", 17, "smart-socket");
        java("vertx", "Vert.x 5 on Netty's native transport", 17, "vertx");
        java("threads", "a platform thread for each connection", 17, "threads");
    }

    private void compiled(String name, String description, String program) {
        kinds.add(new ServerKind(name, description, false,
                () -> List.of(programs.get(program).toString())));
    }

    private void java(String name, String description, int release, String... arguments) {
        java(name, description, release, List.of(), arguments);
    }

    private void java(String name, String description, int release, List<String> options,
            String... arguments) {
        kinds.add(new ServerKind(name + suffix, description, true, () -> {
            if (jvm.release() < release) {
                throw new Unavailable("it needs Java " + release + ", and this is Java "
                        + jvm.release());
            }
            List<String> all = new ArrayList<>(options);
            all.add(MAIN);
            all.addAll(Arrays.asList(arguments));
            return jvm.command(all);
        }));
    }

    List<ServerKind> kinds() {
        return List.copyOf(kinds);
    }

    /** Returns the kind that the others are compared with: the named one, or the best there is. */
    ServerKind reference(@Nullable String name, LoadProgram load) throws IOException {
        if (name != null) {
            return named(name);
        }
        return named(load.compiled() ? "c-epoll" : "selector" + suffix);
    }

    /**
     * Returns the named kind.
     *
     * @throws IOException if there is none
     */
    ServerKind named(String name) throws IOException {
        return kinds.stream().filter(kind -> kind.name().equals(name)).findFirst()
                .orElseThrow(() -> new IOException("There is no server '" + name + "'; there are "
                        + String.join(", ", kinds.stream().map(ServerKind::name).toList())));
    }
}
