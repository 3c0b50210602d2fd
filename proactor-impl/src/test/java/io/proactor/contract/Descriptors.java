package io.proactor.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * The descriptors of this process that a network library can leak: sockets, pipes, epoll and event
 * descriptors. Files are left out, because class loading opens JARs whenever it likes.
 */
public final class Descriptors {

    private static final Path OWN = Path.of("/proc/self/fd");

    static {
        try {
            openWhatTheJdkKeeps();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Descriptors() {}

    /** Returns the number of descriptors; always 0 where the system does not list them. */
    public static int count() throws IOException {
        return list().size();
    }

    /** Returns what the descriptors are, such as {@code 7 socket:[4711]}. */
    public static Set<String> list() throws IOException {
        Set<String> descriptors = new TreeSet<>();
        if (Files.isDirectory(OWN)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(OWN)) {
                for (Path entry : entries) {
                    String target = targetOf(entry);
                    if (target.startsWith("socket:") || target.startsWith("pipe:")
                            || target.startsWith("anon_inode:")) {
                        descriptors.add(entry.getFileName() + " " + target);
                    }
                }
            }
        }
        return descriptors;
    }

    /**
     * Returns what is open now and was not in {@code before}. Unlike a difference of counts, this
     * does not mind what an earlier test left behind and the system closes meanwhile.
     */
    public static Set<String> openedSince(Set<String> before) throws IOException {
        Set<String> opened = list();
        opened.removeAll(before);
        return opened;
    }

    private static String targetOf(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return "";  // closed since the directory was listed
        }
    }

    /** Some classes of the JDK open a descriptor for life when they are first used. */
    private static void openWhatTheJdkKeeps() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort());
                Socket accepted = server.accept();
                Selector selector = Selector.open()) {
            accepted.getOutputStream().write(1);
            client.getInputStream().read();
            selector.selectNow();
            Pipe pipe = Pipe.open();
            pipe.source().close();
            pipe.sink().close();
        }
    }
}
