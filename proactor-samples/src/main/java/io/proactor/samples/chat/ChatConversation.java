package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import io.proactor.samples.client.Awaited;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client's side of a chat: shows what comes until the server hangs up. */
final class ChatConversation implements LineInput.Reader {

    /** The longest text, the names before it, and room for a server that grants a little more. */
    private static final int LINE_BYTES_MAX = 2 * ChatLimits.LINE_BYTES_MAX;

    private final StreamSocket socket;
    private final Screen screen;
    private final LineInput input;
    private final Awaited<@Nullable Void> end = new Awaited<>();

    ChatConversation(StreamSocket socket, Screen screen) {
        this.socket = socket;
        this.screen = screen;
        input = new LineInput(socket, LINE_BYTES_MAX, Duration.ZERO, this);
    }

    /**
     * Talks until the server hangs up.
     *
     * @param nick the name to ask for first, or null for the one that the server gives
     * @throws IOException if the connection breaks
     */
    void run(@Nullable Name nick) throws IOException, InterruptedException {
        if (nick != null) {
            Awaited<Integer> written = new Awaited<>();
            byte[] line = ("/nick " + nick + "\n").getBytes(StandardCharsets.UTF_8);
            socket.write(ByteBuffer.wrap(line), null, written);
            written.result();
        }
        screen.start(socket);
        input.next();
        end.result();
    }

    @Override
    public void onLine(String line) {
        screen.show(line);
        input.next();
    }

    @Override
    public void onLongLine() {
        screen.show("! A line was too long to be shown.");
    }

    @Override
    public void onEnd(@Nullable Throwable cause) {
        if (cause == null) {
            end.completed(null, null);
        } else {
            end.failed(cause, null);
        }
    }
}
