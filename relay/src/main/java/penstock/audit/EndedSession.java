package penstock.audit;

/**
 * A session that has ended. Immutable.
 *
 * @param number    1 for the first session that ended, and so on
 * @param session   what it was
 * @param end       how it ended
 * @param atMs      when, in milliseconds since 1970
 * @param lastedNs  for how long it was open
 * @param updates   updates handed to its socket
 * @param bytes     bytes that its socket took
 */
public record EndedSession(long number, SessionRecord session, Termination end, long atMs, long lastedNs, long updates,
        long bytes) {
}
