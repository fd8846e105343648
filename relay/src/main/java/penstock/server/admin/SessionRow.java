package penstock.server.admin;

import java.util.Comparator;
import penstock.fanout.Session;

/**
 * A session among the worst ones of its shard. Immutable.
 *
 * @param key     what it is sorted by, the largest first
 * @param late    how late it is, which decides between equal keys
 * @param session the session, to be read on its shard's io thread only
 * @param number  its number in the shard
 * @param json    what the answer says of it; null before it is written
 */
record SessionRow(long key, long late, Session session, int number, byte[] json) {
    /** The worst one first. */
    static final Comparator<SessionRow> WORST_FIRST =
        Comparator.comparingLong(SessionRow::key).thenComparingLong(SessionRow::late).reversed();

    SessionRow written(final byte[] text) {
        return new SessionRow(key, late, session, number, text);
    }
}
