package io.proactor.samples.chat;

import io.proactor.StreamSocket;
import io.proactor.samples.client.Uplink;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard input and output, for pipes and for terminals that can do nothing else. */
final class PlainScreen implements Screen {

    private final InputStream in;
    private final PrintStream out;

    PlainScreen(InputStream in, PrintStream out) {
        this.in = in;
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public void show(String line) {
        out.println(line);
    }

    @Override
    public void start(StreamSocket socket) {
        new Uplink(in, socket).start();
    }

    @Override
    public void close() {
        out.flush();
    }
}
