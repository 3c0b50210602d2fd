package io.proactor.engine.simulated;

/**
 * Something that may happen next. Which of all the ready ones does, the {@link Schedule} decides.
 * It may be run for no reason at all, and then does nothing.
 */
abstract class Task {

    /** What the task is for; for the trace. Its place in the family decides nothing. */
    enum Role { LOOP, DISPATCH, DELIVERY, HANDSHAKE, KERNEL, CANCEL, THREAD, USER }

    final Role role;
    final int number;    // of the tasks of a world, in the order in which they were made
    int priority;        // see Schedule
    boolean ready;       // true exactly while it is among the ready ones
    int index;           // its place there

    Task(Role role, World world) {
        this.role = role;
        number = world.nextNumber();
        priority = world.schedule().priority();
    }

    /** Happens. */
    abstract void run();

    @Override
    public String toString() {
        return role + "-" + number;
    }
}
