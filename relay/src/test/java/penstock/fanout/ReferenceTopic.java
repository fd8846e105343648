package penstock.fanout;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import penstock.ring.TopicState;

/** One topic as the feed knows it: every value, and which of them came through the ring, at what position. */
final class ReferenceTopic {
    final String symbol;
    final int id;
    final RandomValues values;
    TopicState state = TopicState.LIVE;
    /** Position of the last notified state; -1 = none. */
    long stateP = -1;
    private final TreeMap<Long, Long> positions = new TreeMap<>();
    private final TreeMap<Long, Long> qs = new TreeMap<>();

    ReferenceTopic(final String symbol, final int id) {
        this.symbol = symbol;
        this.id = id;
        values = new RandomValues(ReferenceChannel.of(symbol));
    }

    void carried(final long q, final long p) {
        positions.put(q, p);
        qs.put(p, q);
    }

    boolean isCarried(final long q) {
        return positions.containsKey(q);
    }

    long position(final long q) {
        return positions.get(q);
    }

    /** The newest sequence that came through the ring at that position or before; 0 if none. */
    long qAt(final long p) {
        final Map.Entry<Long, Long> entry = qs.floorEntry(p);
        return entry == null ? 0 : entry.getValue();
    }

    /** What came through the ring from that sequence on. */
    Collection<Long> carriedFrom(final long q) {
        return positions.tailMap(q, true).keySet();
    }

    long newestQ() {
        return values.history.size();
    }

    /** Null in front of the first. */
    Object value(final long q) {
        return q == 0 ? null : values.history.get((int) q - 1);
    }

    /**
     * How many updates behind {@code from}, up to and with {@code to}, must be sent to who is sent each: those that
     * never came too.
     */
    long visible(final long from, final long to, final ReferenceView view) {
        long visible = 0;
        for (long q = from + 1; q <= to; q++) {
            visible += !isCarried(q) || view.mustShow(value(before(q)), value(q)) ? 1 : 0;
        }
        return visible;
    }

    /** Whether one of them may be sent in this view. */
    boolean mayShow(final long from, final long to, final ReferenceView view) {
        for (final long q : positions.subMap(from, false, to, true).keySet()) {
            if (view.mayShow(value(before(q)), value(q)) || !values.touched.isEmpty() && namesShown(q, view)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a field or level changed among them, as they are shown. */
    boolean changed(final String key, final long from, final long to, final ReferenceView view) {
        for (final long q : positions.subMap(Math.min(from, to), false, to, true).keySet()) {
            if (!java.util.Objects.equals(part(value(before(q)), key, view), part(value(q), key, view))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an update names a level that is shown before or after it: gone and there again in one counts as a change.
     */
    private boolean namesShown(final long q, final ReferenceView view) {
        final Set<String> shown = new HashSet<>();
        for (final long each : new long[] {before(q), q}) {
            if (each > 0) {
                ((Map<?, ?>) view.shown(value(each))).keySet().forEach(level -> shown.add((String) level));
            }
        }
        return shown.stream().anyMatch(level -> touched(level, before(q), q));
    }

    /** Whether one of them names that level. */
    boolean touched(final String key, final long from, final long to) {
        return values.touched.subList((int) from, (int) to).stream().anyMatch(levels -> levels.contains(key));
    }

    private static Object part(final Object value, final String key, final ReferenceView view) {
        return ReferenceView.isKeyed(value) ? ((Map<?, ?>) view.shown(value)).get(key) : null;
    }

    /** What came through the ring before it. */
    private long before(final long q) {
        final Long before = positions.lowerKey(q);
        return before == null ? 0 : before;
    }
}
