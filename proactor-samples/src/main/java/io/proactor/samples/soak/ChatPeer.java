package io.proactor.samples.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One client of the chat, by means of the JDK alone. It speaks numbered lines, and counts. */
final class ChatPeer implements AutoCloseable {

    /** Of one who does not listen: less, and the system rounds it up. */
    private static final int NARROW_BYTES = 4_096;

    private static final int CONNECT_MILLIS = 20_000;

    private final Socket socket;
    private final BufferedReader in;
    private final AtomicLong heard = new AtomicLong();
    private final AtomicLong disorders = new AtomicLong();

    // Owner: the thread that listens. The next number of each speaker.
    private final Map<String, Long> next = new HashMap<>();

    private ChatPeer(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Connects, and waits until it has been let in. */
    static ChatPeer connect(int port, boolean narrow) throws IOException {
        Socket socket = new Socket();
        try {
            if (narrow) {
                socket.setReceiveBufferSize(NARROW_BYTES);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    CONNECT_MILLIS);
            ChatPeer peer = new ChatPeer(socket);
            String line = peer.in.readLine();
            while (line != null && !line.contains("joined lobby")) {
                line = peer.in.readLine();
            }
            return peer;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Listens from now on, on a thread of its own, until the connection ends. */
    void listen() {
        Thread thread = new Thread(this::run, "listener");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 5);  // [lobby] guest7: line 3 xxx
                if (words.length == 5 && words[2].equals("line")) {
                    long number = Long.parseLong(words[3]);
                    if (next.merge(words[1], 1L, Long::sum) - 1 != number) {
                        disorders.incrementAndGet();
                    }
                    heard.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // What it has not heard is missed in the count.
        }
    }

    void speak(long number, String text) throws IOException {
        socket.getOutputStream().write(
                ("line " + number + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    long heard() {
        return heard.get();
    }

    long disorders() {
        return disorders.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
