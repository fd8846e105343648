package penstock.wire;

import java.util.Locale;

/** What becomes of a subscription of mode {@code all} that falls further behind than the relay keeps. */
public enum Overflow {
    /** It is told how much it missed and goes on from the oldest kept. */
    GAP,
    /** Its session is closed: 4508. */
    CLOSE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As the protocol spells it. */
    public String text() {
        return text;
    }
}
