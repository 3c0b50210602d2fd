package io.proactor.engine.simulated;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Uses the kernel as io_uring has it: entries go on a bounded submission queue, results come by a
 * bounded completion queue and are matched by slot and generation. The loop's side; the other one
 * is {@link RingKernel}.
 */
final class RingPerformer implements Performer {

    /** Of the token of a cancel, whose own result nobody waits for. */
    static final long CANCEL = 1L << 62;

    /** One entry: a request's, or, with a target, a cancel's. */
    record Entry(long token, @Nullable Request request, long target) {}

    private static final int SLOT_BITS = 16;

    private final World world;
    private final RingKernel kernel;
    private final List<@Nullable Request> slots = new ArrayList<>();
    private final List<Integer> generations = new ArrayList<>();
    private int requests;

    // What did not fit into the submission queue, and what did. Cancels are not to wait for room
    // behind what they are to end, so they come first.
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final ArrayDeque<Entry> submissions = new ArrayDeque<>();

    RingPerformer(World world, Runnable wakeUp) {
        this.world = world;
        kernel = new RingKernel(world, wakeUp);
    }

    @Override
    public void submit(Request request) {
        int slot = slots.indexOf(null);
        if (slot < 0) {
            slot = slots.size();
            slots.add(null);
            generations.add(0);
        }
        slots.set(slot, request);
        request.token = (long) generations.get(slot) << SLOT_BITS | slot;
        request.underWay = true;
        requests++;
        offer(new Entry(request.token, request, 0));
        kernel.wakeUp();
    }

    @Override
    public void cancel(Request request) {
        if (!request.cancelling) {
            request.cancelling = true;
            offer(new Entry(request.token | CANCEL, null, request.token));
            kernel.wakeUp();
        }
    }

    private void offer(Entry entry) {
        if (submissions.size() < world.swarm().submissionsMax()) {
            submissions.add(entry);
        } else {
            waiting.add(entry);
        }
    }

    @Override
    public void enter() {
        while (!submissions.isEmpty()) {
            for (Entry entry = submissions.poll(); entry != null; entry = submissions.poll()) {
                kernel.consume(entry);
            }
            while (!waiting.isEmpty() && submissions.size() < world.swarm().submissionsMax()) {
                submissions.add(waiting.remove());
            }
        }
        kernel.flushOverflow();
    }

    @Override
    public boolean poll() {
        int most = world.choices().upTo(8);
        for (int count = 0; count < most; count++) {
            RingKernel.Completion completion = kernel.reap();
            if (completion == null) {
                break;  // what is in the overflow list comes when the loop has entered
            }
            deliver(completion);
        }
        return kernel.hasCompletions();
    }

    private void deliver(RingKernel.Completion completion) {
        if ((completion.token() & CANCEL) != 0) {
            return;  // what became of the request, its own result tells
        }
        int slot = (int) (completion.token() & (1 << SLOT_BITS) - 1);
        Request request = slots.get(slot);
        if (completion.token() >>> SLOT_BITS != generations.get(slot) || request == null) {
            throw new Violation("A result came for no request that is under way.");
        }
        slots.set(slot, null);
        generations.set(slot, generations.get(slot) + 1);
        requests--;
        request.end(completion.result());
    }

    @Override
    public boolean isEmpty() {
        return requests == 0;
    }
}
