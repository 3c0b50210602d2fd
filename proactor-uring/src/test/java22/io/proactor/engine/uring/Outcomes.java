package io.proactor.engine.uring;

import io.proactor.operation.OperationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** The outcomes of a {@link ScriptedClient}, a line for each step: how, which bytes, no times. */
final class Outcomes {

    private final List<String> lines = new ArrayList<>();
    private String step = "";

    void begin(Step next) {
        step = next + ":";
    }

    /** Adds a fact to the line of the step that goes on. */
    void add(String fact) {
        step += " " + fact;
    }

    void add(Call<?> call) throws InterruptedException {
        Throwable cause = call.cause();
        if (cause == null) {
            add(call.value() instanceof Number number ? number.toString() : "completed");
        } else {
            add(cause.getClass().getSimpleName() + (cause instanceof OperationFailure failure
                    ? " after " + failure.bytesMoved() : ""));
        }
    }

    /** Adds bytes, as their number and a sum. */
    void add(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        add(bytes.length + " bytes " + Long.toHexString(sum.getValue()));
    }

    void end() {
        lines.add(step);
    }

    List<String> lines() {
        return lines;
    }
}
