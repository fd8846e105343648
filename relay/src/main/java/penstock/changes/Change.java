package penstock.changes;

/**
 * One change, or several of the same within a minute. Immutable.
 *
 * @param number  1 for the first one; without gaps
 * @param atMs    when it happened first, epoch ms
 * @param lastMs  when it happened last
 * @param count   how often
 * @param kind    what it is about
 * @param subject which feed, client or part it concerns; null = the relay as a whole
 * @param text    what happened, for people
 */
public record Change(long number, long atMs, long lastMs, long count, ChangeKind kind, String subject, String text) {
    /** It has happened {@code more} times again. */
    Change again(final long more, final long nowMs) {
        return new Change(number, atMs, nowMs, count + more, kind, subject, text);
    }
}
