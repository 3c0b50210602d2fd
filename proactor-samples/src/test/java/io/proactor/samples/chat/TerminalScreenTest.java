package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.samples.Mishaps;
import io.proactor.samples.Peer;
import io.proactor.samples.Setup;
import io.proactor.samples.cli.HandlerThreads;
import io.proactor.samples.client.Connection;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TerminalScreenTest {

    @ParameterizedTest
    @MethodSource("io.proactor.samples.Setup#processors")
    void messagesAppearWhileALineIsTyped(String processor) throws Exception {
        Setup setup = new Setup(processor, HandlerThreads.POOLED);
        Mishaps mishaps = new Mishaps();
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        try (RunningChat chat = new RunningChat(setup);
                PipedOutputStream keys = new PipedOutputStream();
                Terminal terminal = new ExternalTerminal("test", "xterm",
                        new PipedInputStream(keys), shown, StandardCharsets.UTF_8);
                Proactor proactor = setup.open(mishaps);
                StreamSocket socket = Connection.open(proactor,
                        new InetSocketAddress("127.0.0.1", chat.port()));
                Screen screen = new TerminalScreen(terminal)) {
            terminal.setSize(new Size(80, 24));
            Peer bob = chat.enter("bob");
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> talk(socket, screen));
            bob.lineWith("is now alice");
            awaitPrompt(shown);  // before it the terminal itself echoes keys, amid what is shown
            keys.write("half a line".getBytes(StandardCharsets.UTF_8));
            keys.flush();
            bob.send("hello alice\n");
            bob.lineWith("hello alice");
            keys.write(" and the rest!!\r".getBytes(StandardCharsets.UTF_8));
            keys.flush();
            assertThat(bob.line()).isEqualTo("[lobby] alice: half a line and the rest!!");
            keys.write(4);  // Ctrl-D
            keys.flush();
            end.get(20, TimeUnit.SECONDS);
        }
        mishaps.assertNone();
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("[lobby] bob: hello alice")
                .contains("[lobby] alice: half a line and the rest!!");
    }

    private static void awaitPrompt(ByteArrayOutputStream shown) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!shown.toString(StandardCharsets.UTF_8).contains("> ")) {
            assertThat(System.nanoTime()).as("no prompt came").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }

    private static void talk(StreamSocket socket, Screen screen) {
        try {
            new ChatConversation(socket, screen).run(new Name("alice"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
