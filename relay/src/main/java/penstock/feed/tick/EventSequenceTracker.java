package penstock.feed.tick;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * The venue's numbers of the published events of each topic: which event was published before, and how many are
 * missing, even if two events come on different connections or an outage lies between. Each numbered event is
 * published once, or reported as missing once. An event that is late is published, unless it was reported as missing.
 *
 * <p>A venue may count from the start again. Then a line goes far back, or all lines of the group are new and their
 * numbers are far below the known ones. Another line may still send events of the old count: the numbers of both counts
 * are kept, and each line is in one of them.
 *
 * <p>A snapshot of events is history: what is older than the first known event is not published.
 *
 * <p>Owned by the feed thread.
 */
final class EventSequenceTracker {
    /** The event was published, or reported as missing, before. */
    static final long KNOWN = NumbersOfCount.KNOWN;
    private static final long NONE = SequenceTracker.NONE;

    private EventNumbers[] topics = new EventNumbers[64];
    private boolean isLate;
    private final List<Group> groups = new ArrayList<>();

    /** A line of a group has opened. */
    Line open(final int group) {
        while (groups.size() <= group) {
            groups.add(new Group());
        }
        final Line line = new Line(groups.get(group));
        line.group.lines.add(line);
        return line;
    }

    /** A line has ended. */
    void close(final Line line) {
        for (final EventPlace place : line.places) {
            if (place != null) {
                place.close();
            }
        }
        line.group.lines.remove(line);
        if (line.group.lines.isEmpty()) {
            line.group.outages++;
        }
    }

    /**
     * An event has arrived; {@link #KNOWN} if it must not be published, else how many before it are missing.
     *
     * @param verdict       how its number follows the numbers before it on its line
     * @param number        the venue's, {@link SequenceTracker#NONE} without one
     * @param isConsecutive the events of a topic are numbered without holes
     * @param nowNs         when its line was last read
     */
    long missedBefore(final Line line, final int topic, final UpdateKind kind, final Verdict verdict, final long number,
            final boolean isConsecutive, final long nowNs) {
        isLate = false;
        if (number == NONE) {
            return 0;
        }
        if (topic >= topics.length) {
            topics = Arrays.copyOf(topics, Math.max(topics.length * 2, topic + 1));
        }
        if (topics[topic] == null) {
            topics[topic] = new EventNumbers(isConsecutive);
        }
        final long missed =
            topics[topic].missedBefore(line, topic, kind == UpdateKind.SNAPSHOT, verdict, number, nowNs);
        isLate = topics[topic].isLate();
        return missed;
    }

    /** Whether the event is published after one with a larger number. */
    boolean isLate() {
        return isLate;
    }

    /** The topic was not subscribed to for a while: the events of that time are not missed. */
    void forget(final int topic) {
        if (topic < topics.length) {
            topics[topic] = null;
        }
    }

    /** The open lines of one group, which send the same events. */
    private static final class Group {
        private final List<Line> lines = new ArrayList<>();
        /** How often all were lost. */
        private int outages;
    }

    /** One line. Owned by the feed thread. */
    static final class Line {
        private final Group group;
        private final int outage;
        private EventPlace[] places = new EventPlace[0];

        private Line(final Group group) {
            this.group = group;
            outage = group.outages;
        }

        /** How often all lines of the group had been lost when it opened. */
        int outage() {
            return outage;
        }

        /** Up to which number of a count no line of the group will send any more; {@code next}: or null. */
        long passed(final int topic, final EventCount count, final EventCount next) {
            long passed = Long.MAX_VALUE;
            for (int i = 0; i < group.lines.size(); i++) {
                final EventPlace[] all = group.lines.get(i).places;
                final EventPlace place = topic < all.length ? all[topic] : null;
                passed = Math.min(passed, place == null ? Long.MIN_VALUE : place.passed(count, next));
            }
            return passed;
        }

        EventPlace of(final int topic) {
            if (topic >= places.length) {
                places = Arrays.copyOf(places, Math.max(topic + 1, places.length * 2));
            }
            if (places[topic] == null) {
                places[topic] = new EventPlace();
            }
            return places[topic];
        }
    }
}
