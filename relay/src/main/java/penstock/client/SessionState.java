package penstock.client;

import java.util.Map;

/**
 * The state of a client's session, and what led to it.
 *
 * @param phase     where the session is
 * @param feeds     each feed's state, by name
 * @param feed      the feed that changed; null if none did
 * @param code      the close code of the connection; 0 if it did not end, or was given up
 * @param reason    why the connection ended, or the feed changed; null if nothing was said
 * @param retryInMs time until the next attempt, if it waits for one
 */
public record SessionState(Phase phase, Map<String, ValueState> feeds, String feed, int code, String reason,
        long retryInMs) {
    /** Where a session is. */
    public enum Phase {
        /** A connection is being opened. */
        CONNECTING,
        /** The relay has sent its welcome. */
        OPEN,
        /** The connection is lost, and the next attempt comes by itself. */
        WAITING,
        /** For good: the relay refused it with 44xx, or the user closed it. */
        CLOSED
    }
}
