package io.proactor.benchmarks.server;

import java.io.IOException;

/**
 * The main class of a measured server's process. Prints the port it listens on, answers what
 * {@link Inspection} can answer, and ends when standard input does, so that none outlives its
 * measurement.
 */
public final class ServerMain {

    private ServerMain() {}

    /** Starts the server that the first argument names. */
    public static void main(String[] args) throws Exception {
        EchoServer server = named(args);
        int port = server.start();
        System.out.println("listening " + port);
        System.out.flush();
        try {
            Inspection.answer(System.in, System.out);
        } catch (IOException e) {
            // Whoever asked is gone; so is the reason to be here.
        }
        Runtime.getRuntime().halt(0);
    }

    private static EchoServer named(String[] args) throws IOException {
        return switch (args[0]) {
            case "proactor" -> new ProactorEcho(args[1], args[2], ReceivingSession::begin);
            case "proactor-read" -> new ProactorEcho(args[1], args[2], ReadingSession::begin);
            case "proactor-foreign" ->
                new ProactorEcho(args[1], args[2], new ApplicationThread().start()::begin);
            case "nio2" -> new Nio2Echo(Integer.parseInt(args[1]));
            case "selector" -> new SelectorEcho();
            case "reactor-pool" -> new ReactorPoolEcho(Integer.parseInt(args[1]));
            case "threads" -> ThreadEcho.onPlatformThreads();
            case "virtual" -> ThreadEcho.onVirtualThreads();
            case "netty" -> new NettyEcho(args[1]);
            case "smart-socket" -> new SmartSocketEcho();
            case "vertx" -> new VertxEcho();
            default -> throw new IllegalArgumentException("No such server: " + args[0]);
        };
    }
}
