package penstock.ring;

import java.util.Locale;

/** How the updates of a channel's topics may be conflated. */
public enum ConflationClass {
    /** The newest value replaces the older one. */
    LAST_VALUE,
    /** Updates have only the changed fields; the newest value of each field counts. */
    MERGE,
    /** Updates have only the changed price levels; the net change counts. */
    ORDER_BOOK,
    /** Each update counts: trades. */
    EVENT;

    /** The spelling of the protocol and of venue files: {@code last-value}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
