package penstock.changes;

import java.util.Locale;

/** What a change is about. Immutable. */
public enum ChangeKind {
    /** The relay itself: it starts, its log was changed, it recorded an error. */
    RELAY,
    /** A feed has another state. */
    FEED,
    /** Connections to a venue: lost, refused, silent; messages that are missing. */
    CONNECTION,
    /** The ring, and what subscribers in mode {@code all} miss. */
    RING,
    /** Sessions that ended by a fault, and those that were refused. */
    SESSIONS,
    /** What the operator did to sessions: kick, notice, drain. */
    OPERATOR,
    /** Which of several relays is connected to the venues. */
    LEASE,
    /** The configuration was read again. */
    CONFIG;

    /** As answers spell it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
