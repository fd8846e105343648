package penstock.server.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import penstock.fanout.Session;
import penstock.fanout.SessionTable;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.harm.HarmMeter;
import penstock.fanout.harm.HarmOrder;
import penstock.fanout.harm.InspectedSession;
import penstock.thread.SlicedLoop;
import penstock.wire.MessageBuffer;

/**
 * Finds the worst sessions of a shard. Each session is measured once and compared with the best of those found so far,
 * so that ten thousand cost some milliseconds, in slices; only the worst ones are written.
 *
 * <p>Owned by the shard's io thread until it is done.
 */
final class SessionSearch implements SlicedWork.Task {
    /**
     * A session among the worst ones of its shard. Immutable.
     *
     * @param key     what it is sorted by, the largest first
     * @param late    how late it is, which decides between equal keys
     * @param session the session, to be read on its shard's io thread only
     * @param number  its number in the shard
     * @param json    what the answer says of it; null before it is written
     */
    record Row(long key, long late, Session session, int number, byte[] json) {
        /** The worst one first. */
        static final Comparator<Row> WORST_FIRST =
            Comparator.comparingLong(Row::key).thenComparingLong(Row::late).reversed();

        Row written(final byte[] text) {
            return new Row(key, late, session, number, text);
        }
    }

    /** A session takes a microsecond at most, most of it for its cache misses. */
    private static final int SESSIONS_PER_CHECK = 64;

    private final Shard shard;
    private final SessionTable sessions;
    private final SessionFilter filter;
    private final HarmOrder order;
    private final int limit;
    private final SlicedLoop measured;
    /** The best of the worst is its head. */
    private final PriorityQueue<Row> worst = new PriorityQueue<>(Row.WORST_FIRST.reversed());
    private final List<Row> rows = new ArrayList<>();
    private final MessageBuffer scratch = new MessageBuffer(512);
    private int count;
    private int matched;

    /** For the {@code limit} worst of those that {@code filter} lets through. */
    SessionSearch(final Shard shard, final SessionFilter filter, final HarmOrder order, final int limit) {
        this.shard = shard;
        this.filter = filter;
        this.order = order;
        this.limit = limit;
        sessions = shard.sessions();
        measured = new SlicedLoop(sessions::next, this::measure, SESSIONS_PER_CHECK);
    }

    /** Sessions that are open. */
    int count() {
        return count;
    }

    /** Those of them that are asked for. */
    int matched() {
        return matched;
    }

    /** The worst of those, in no order. */
    List<Row> rows() {
        return rows;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        if (!measured.advance(slice::isOver)) {
            return false;
        }
        while (!worst.isEmpty()) {
            write(worst.poll());
            if (slice.isOver() && !worst.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void onFailure(final Throwable failure) {
        rows.clear();
    }

    private void measure(final int number) {
        final Session session = sessions.get(number);
        final InspectedSession parts = session.inspected();
        count++;
        if (!filter.matches(parts)) {
            return;
        }
        matched++;
        final HarmMeter harm = sessions.harm().measure(parts, shard.clock().nowNs());
        final Row row = new Row(harm.key(order), harm.lateNs(), session, number, null);
        if (worst.size() == limit && Row.WORST_FIRST.compare(row, worst.peek()) < 0) {
            worst.poll();
        }
        if (worst.size() < limit) {
            worst.add(row);
        }
    }

    /** A session that has ended meanwhile is left out. */
    private void write(final Row row) {
        if (sessions.get(row.number()) == row.session()) {
            final InspectedSession parts = row.session().inspected();
            final long nowNs = shard.clock().nowNs();
            SessionJson.session(scratch.clear(), parts, sessions.harm().measure(parts, nowNs), nowNs);
            rows.add(row.written(scratch.put('}').toBytes()));
        }
    }
}
