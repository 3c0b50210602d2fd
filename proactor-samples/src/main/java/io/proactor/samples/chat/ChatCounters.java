package io.proactor.samples.chat;

import java.util.concurrent.atomic.LongAdder;

/** What has happened so far. Any thread counts. */
final class ChatCounters {

    final LongAdder clients = new LongAdder();
    final LongAdder linesReceived = new LongAdder();
    final LongAdder linesSent = new LongAdder();
    final LongAdder linesTooFast = new LongAdder();
    final LongAdder linesTooLong = new LongAdder();

    @Override
    public String toString() {
        return "clients so far: " + clients + ", lines received: " + linesReceived
                + ", sent: " + linesSent + ", too fast: " + linesTooFast
                + ", too long: " + linesTooLong;
    }
}
