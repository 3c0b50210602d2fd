package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import java.io.IOException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Where the chat client shows what comes, and whence it takes what is typed. */
sealed interface Screen extends AutoCloseable permits PlainScreen, TerminalScreen {

    /** Returns a screen for the terminal, or a plain one if the program has none. */
    static Screen open() throws IOException {
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder().system(true).dumb(false)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOut).build();
        } catch (IOException | IllegalStateException e) {
            return new PlainScreen(System.in, System.out);
        }
        if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
            terminal.close();
            return new PlainScreen(System.in, System.out);
        }
        return new TerminalScreen(terminal);
    }

    /** Shows a line. Any thread. */
    void show(String line);

    /**
     * Begins to send to {@code socket} what is typed; ends its outgoing direction when that ends.
     */
    void start(StreamSocket socket);

    @Override
    void close() throws IOException;
}
