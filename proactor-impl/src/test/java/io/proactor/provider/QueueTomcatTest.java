package io.proactor.provider;

/** Tomcat on {@code queue}. */
final class QueueTomcatTest extends TomcatContract {
    QueueTomcatTest() {
        super("queue");
    }
}
