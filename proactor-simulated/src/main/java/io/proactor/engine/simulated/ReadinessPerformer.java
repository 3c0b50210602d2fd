package io.proactor.engine.simulated;

import java.util.ArrayList;
import java.util.List;

/**
 * Uses the kernel as a selector does: it is told that a call would not block, now and then wrongly,
 * and then makes the call, which may block after all.
 */
final class ReadinessPerformer implements Performer {

    private final World world;
    private final Runnable wakeUp;
    private final List<Request> armed = new ArrayList<>();
    private final List<Request> cancelled = new ArrayList<>();

    // True exactly while something may have become ready since the last look.
    private boolean changed;

    private final Runnable onChange = this::onChange;

    /**
     * @param wakeUp ends the loop's nap
     */
    ReadinessPerformer(World world, Runnable wakeUp) {
        this.world = world;
        this.wakeUp = wakeUp;
    }

    private void onChange() {
        changed = true;
        wakeUp.run();
    }

    @Override
    public void submit(Request request) {
        OpenFile file = world.kernel().file(request.fd);
        request.underWay = true;
        file.watch(onChange);
        armed.add(request);
        onChange();
    }

    @Override
    public void cancel(Request request) {
        if (request.cancelling) {
            return;
        }
        request.cancelling = true;
        disarm(request);
        cancelled.add(request);
        onChange();
    }

    private void disarm(Request request) {
        armed.remove(request);
        world.kernel().file(request.fd).unwatch(onChange);
    }

    @Override
    public boolean poll() {
        for (Request each : List.copyOf(cancelled)) {
            cancelled.remove(each);
            each.end(Errno.ECANCELED);
        }
        if (!changed) {
            return false;
        }
        changed = false;
        Choices choices = world.choices();
        List<Request> looked = new ArrayList<>(armed);
        while (!looked.isEmpty()) {
            Request each = looked.remove(choices.below(looked.size()));
            if (!each.underWay || each.cancelling) {
                continue;  // what was told to another one has ended it
            }
            boolean ready = ready(each);
            if (ready && choices.oneIn(world.swarm().wouldBlockOneIn())) {
                changed = true;  // the call found nothing after all; it will be said again
            } else if (ready || choices.oneIn(world.swarm().spuriousOneIn())) {
                perform(each);
            }
        }
        return changed;
    }

    private boolean ready(Request request) {
        OpenFile file = world.kernel().file(request.fd);
        return switch (request.kind) {
            case RECEIVE, READABLE -> file.readable();
            case SEND -> file.writable();
            case CONNECT -> ((Endpoint) file).connectResult() != Errno.EAGAIN;
        };
    }

    private void perform(Request request) {
        int result = Calls.perform(world, world.kernel().file(request.fd), request.kind,
                request.buffer, request.at, request.length);
        if (result != Errno.EAGAIN) {
            disarm(request);
            request.end(result);
        }
    }

    @Override
    public void enter() {
        // Calls are made where readiness is found.
    }

    @Override
    public boolean isEmpty() {
        return armed.isEmpty() && cancelled.isEmpty();
    }
}
