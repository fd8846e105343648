package penstock.finding;

import java.util.Locale;

/** How bad a finding is; the worst first. */
public enum FindingSeverity {
    /** Subscribers have no live prices, or all of them wait. */
    CRITICAL,
    /** One client, some symbols, or something beside the prices. */
    WARNING;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The severity in a word. */
    public String text() {
        return text;
    }
}
