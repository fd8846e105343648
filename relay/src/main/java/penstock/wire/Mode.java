package penstock.wire;

import java.util.Locale;

/** How a subscription is delivered. */
public enum Mode {
    /** The newest value of each topic. */
    CONFLATE,
    /** Every update, in order. */
    ALL,
    /** One snapshot, then the subscription ends. */
    ONCE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The mode as the protocol spells it. */
    public String text() {
        return text;
    }
}
