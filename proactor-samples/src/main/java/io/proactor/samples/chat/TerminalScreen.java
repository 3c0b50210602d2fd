package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import io.proactor.samples.client.Awaited;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** A terminal: messages appear above the line that is being typed. */
final class TerminalScreen implements Screen {

    /** Far longer than the reader takes to put the terminal back as it was. */
    private static final long RESTORE_MILLIS = 1_000;

    private final Terminal terminal;
    private final LineReader keyboard;
    private @Nullable Thread typist;  // owner: the thread that starts and closes the screen

    TerminalScreen(Terminal terminal) {
        this.terminal = terminal;
        keyboard = LineReaderBuilder.builder().terminal(terminal)
                // The server sends everybody's lines back, one's own too: once is enough.
                .option(LineReader.Option.ERASE_LINE_ON_FINISH, true)
                // An exclamation mark is nothing but an exclamation mark.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    @Override
    public void show(String line) {
        keyboard.printAbove(line);
    }

    @Override
    public void start(StreamSocket socket) {
        Thread thread = new Thread(() -> type(socket), "keyboard");
        thread.setDaemon(true);
        thread.start();
        typist = thread;
    }

    @Override
    public void close() throws IOException {
        if (typist != null) {
            restore(typist);
        }
        terminal.close();
    }

    /** Ends the reader as Ctrl-C does: it clears its line and puts the terminal back as it was. */
    private static void restore(Thread typist) {
        typist.interrupt();
        try {
            typist.join(RESTORE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void type(StreamSocket socket) {
        try {
            while (true) {
                String line = keyboard.readLine("> ") + "\n";
                Awaited<Integer> written = new Awaited<>();
                socket.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), null, written);
                written.result();
            }
        } catch (EndOfFileException | UserInterruptException e) {
            socket.shutdownOutput();  // Ctrl-D and Ctrl-C: the server then hangs up.
        } catch (IOException | RejectedExecutionException e) {
            socket.shutdownOutput();  // Whoever reads from the socket hears of it too, and tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
