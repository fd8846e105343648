package penstock.wire;

import java.util.Locale;

/** How a subscription is delivered. */
public enum Mode {
    /** The newest value per topic. */
    CONFLATE,
    /** Every update, in order. */
    ALL,
    /** The images, and that is all. */
    ONCE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As the protocol spells it. */
    public String text() {
        return text;
    }
}
