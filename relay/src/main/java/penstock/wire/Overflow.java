package penstock.wire;

import java.util.Locale;

/** What happens to a subscription of mode {@code all} that falls behind the journal. */
public enum Overflow {
    /** It is sent a {@code gap} with the number of missed updates and continues with the oldest update kept. */
    GAP,
    /** Its session is closed with 4508. */
    CLOSE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The choice as the protocol spells it. */
    public String text() {
        return text;
    }
}
