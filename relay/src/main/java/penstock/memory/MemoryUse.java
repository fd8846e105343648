package penstock.memory;

import java.util.Locale;

/** What clients can make the relay hold. Each use has a limit and a gauge of its own. Immutable. */
public enum MemoryUse {
    /** Bytes of messages that have not arrived in full. */
    PARTIAL_MESSAGES,
    /** HTTP answers that clients have not read yet. */
    RESPONSES,
    /** Symbols and patterns that subscriptions wait for, and reports on symbols that cannot be served. */
    NAMES,
    /** Selections of fields and depths, and what is encoded for them. */
    VIEWS,
    /** Subscriptions, and their tables of topics. */
    SUBSCRIPTIONS;

    private final String key = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The key in {@code limits.memory}, and the label in {@code /metrics}. */
    public String key() {
        return key;
    }
}
