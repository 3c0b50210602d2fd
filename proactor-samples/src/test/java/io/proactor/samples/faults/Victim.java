package io.proactor.samples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.samples.Child;
import io.proactor.samples.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server as a process, to which a test does something, and which must come out of it sound. */
final class Victim implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int PATIENCE_MILLIS = 20_000;
    private static final long LOOK_NANOS = 10_000_000;

    private final Child child;
    private final int port;
    private final long descriptors;
    private final List<Peer> peers = new ArrayList<>();

    private Victim(Child child) throws Exception {
        this.child = child;
        port = child.port();
        for (int i = 0; i < 8; i++) {
            try (Peer peer = Peer.connect(port)) {
                peer.send("hello\n").lineWith("hello");  // all that is loaded and opened for good
            }
        }
        long[] seen = {-1};
        until("the first descriptors are closed", () -> {
            long before = seen[0];
            seen[0] = sockets();
            return before == seen[0];
        });
        descriptors = seen[0];
    }

    /** Starts an echo server. */
    static Victim echo(String processor) throws Exception {
        return of(Child.startWithoutInput(List.of("echo-server", "--port", "0", "--loops", "2",
                "--processor", processor)));
    }

    static Victim of(Child child) throws Exception {
        try {
            return new Victim(child);
        } catch (Throwable e) {
            child.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return child.handle().pid();
    }

    Child child() {
        return child;
    }

    /** Returns the time that its threads have run so far, in all. */
    Duration cpu() {
        return child.handle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns the number of all descriptors. */
    long allDescriptors() throws IOException {
        return count("");
    }

    /** Sockets, event descriptors and the like; files come and go with class loading. */
    private long sockets() throws IOException {
        return count("/");
    }

    private long count(String unlessTheyStartWith) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(Path.of("/proc/" + pid() + "/fd"))) {
            for (Path entry : entries) {
                String target = target(entry);
                if (unlessTheyStartWith.isEmpty() || !target.startsWith(unlessTheyStartWith)) {
                    count++;
                }
            }
        }
        return count;
    }

    private static String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return "/closed since the directory was listed";
        }
    }

    /** Returns a client, which hangs up at the end. */
    Peer connect() throws IOException {
        Peer peer = Peer.connect(port);
        peers.add(peer);
        return peer;
    }

    /** One word, there and back. */
    void serve(String word) throws IOException {
        try (Peer peer = Peer.connect(port)) {
            peer.send(word + "\n").lineWith(word);
        }
    }

    /**
     * Connects, sends a byte and waits for what comes.
     *
     * @return true if it was the byte, false if it was the end of the connection
     */
    boolean servedOrClosed() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
                socket.getOutputStream().write('x');
                return socket.getInputStream().read() == 'x';
            } catch (java.net.SocketException reset) {
                return false;
            }
        }
    }

    /** Waits until it has the descriptors that it had before, and no more. */
    void awaitDescriptors() throws Exception {
        until("descriptors are back at " + descriptors, () -> sockets() <= descriptors);
    }

    /**
     * Hangs up, has it serve once more and end: nothing is left open, no operation is cut, exit code 0.
     *
     * @return what it logged
     */
    List<String> end() throws Exception {
        hangUp();
        serve("after all");
        awaitDescriptors();
        child.terminate();
        assertThat(child.exitCode()).isZero();
        assertThat(child.output()).last().asString()
                .matches("shut down in \\d+ ms: \\d+ operations were finished, 0 were cut");
        return new ArrayList<>(child.errors());
    }

    /** What is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(String what, Condition condition) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            assertThat(System.nanoTime() - endNanos).as(what).isNegative();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void hangUp() throws IOException {
        for (Peer each : peers) {
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        child.close();
        hangUp();
    }
}
