package io.proactor.engine.uring;

import org.jspecify.annotations.Nullable;

/** What the user says about something that can be had or not. */
enum Switch {

    /** It must be had; if it cannot, that is an error. */
    ON,
    /** It must not be used. */
    OFF,
    /** It is used where it can be had. */
    AUTO;

    /**
     * @param value of the property; null if it is not set
     * @throws IllegalArgumentException if it is neither on, off nor auto; a clause
     */
    static Switch parse(String property, @Nullable String value) {
        return switch (value == null ? "auto" : value) {
            case "on" -> ON;
            case "off" -> OFF;
            case "auto" -> AUTO;
            default -> throw new IllegalArgumentException("the property " + property
                    + " is on, off or auto, not '" + value + "'");
        };
    }
}
