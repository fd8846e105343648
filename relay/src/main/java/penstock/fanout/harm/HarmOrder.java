package penstock.fanout.harm;

import java.util.Locale;

/** What sessions are sorted by, the worst one first. */
public enum HarmOrder {
    /** How much later values are than the client asked for. */
    LATE,
    /** For how long the socket has been blocked. */
    BLOCKED,
    /** Bytes that wait for the socket. */
    WAITING,
    /** Updates that are missing in mode all. */
    MISSED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The order in a word. */
    public String text() {
        return text;
    }
}
