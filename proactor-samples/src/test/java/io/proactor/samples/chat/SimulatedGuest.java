package io.proactor.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.proactor.Proactor;
import io.proactor.StreamSocket;
import io.proactor.WriteQueueFullException;
import io.proactor.simulation.Simulation;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the chat server in a simulation. It remembers what it hears. A deaf one enters and
 * never reads.
 */
final class SimulatedGuest {

    private static final byte[] NEWLINE = {'\n'};

    private final Simulation simulation;
    private final String name;
    private final boolean deaf;
    private final List<String> heard = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(5_000);
    private @Nullable StreamSocket socket;
    private @Nullable SocketAddress local;
    private boolean refused;  // true exactly when the connect has failed
    private boolean over;     // true exactly when nothing more will be heard
    private boolean cut;      // true exactly when that was no good end

    SimulatedGuest(Simulation simulation, String name, boolean deaf) {
        this.simulation = simulation;
        this.name = name;
        this.deaf = deaf;
    }

    void enter(Proactor proactor, InetSocketAddress server) {
        proactor.connect(server, null, new CompletionHandler<StreamSocket, @Nullable Void>() {
            @Override
            public void completed(StreamSocket connected, @Nullable Void none) {
                socket = connected;
                local = connected.localAddress();
                if (over) {
                    connected.close();  // it has gone meanwhile
                    return;
                }
                send("/nick " + name);
                if (!deaf) {
                    listen(connected);
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void none) {
                assertThat(simulation.faults()).isPositive();
                refused = true;
                over = true;
            }
        });
    }

    /** Sends a line; false if there is no connection any more. */
    boolean send(String line) {
        StreamSocket to = socket;
        if (to == null || over || !to.isOpen()) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            to.write(bytes, null, new CompletionHandler<Integer, @Nullable Void>() {
                @Override
                public void completed(Integer count, @Nullable Void none) {
                    assertThat(bytes.hasRemaining()).isFalse();
                }

                @Override
                public void failed(Throwable cause, @Nullable Void none) {
                    end(to, true);
                }
            });
            return true;
        } catch (WriteQueueFullException e) {
            return false;
        }
    }

    private void listen(StreamSocket from) {
        from.readUntil(buffer.clear(), NEWLINE, null,
                new CompletionHandler<Integer, @Nullable Void>() {
                    @Override
                    public void completed(Integer count, @Nullable Void none) {
                        if (count < 0) {
                            end(from, false);
                            return;
                        }
                        heard.add(new String(buffer.array(), 0, count - 1,
                                StandardCharsets.UTF_8));
                        listen(from);
                    }

                    @Override
                    public void failed(Throwable cause, @Nullable Void none) {
                        end(from, true);
                    }
                });
    }

    private void end(StreamSocket of, boolean badly) {
        over = true;
        cut |= badly;
        of.close();
    }

    /** Hangs up, with whatever it has not read. */
    void hangUp() {
        over = true;
        StreamSocket of = socket;
        if (of != null) {
            of.close();
        }
    }

    String name() {
        return name;
    }

    /** True if it is there, or will never be. */
    boolean settled() {
        return refused || over || heardWith("is now " + name);
    }

    /** True if a fault has hit it: what becomes of it is nobody's fault. */
    boolean harmed() {
        return refused || local != null && simulation.harmed(local);
    }

    boolean over() {
        return over;
    }

    boolean heardWith(String text) {
        return heard.stream().anyMatch(line -> line.contains(text));
    }

    @Override
    public String toString() {
        return name + (harmed() ? ", harmed" : "") + (cut ? ", cut" : "")
                + (over ? ", over" : "") + ", heard " + heard;
    }

    /** Returns what somebody has said, in the order in which it was heard. */
    List<String> heardFrom(SimulatedGuest other) {
        String prefix = "[lobby] " + other.name + ": ";
        return heard.stream().filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length())).toList();
    }
}
