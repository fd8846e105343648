package penstock.feed.tick;

import java.util.Arrays;
import java.util.BitSet;
import org.agrona.collections.Int2ObjectHashMap;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * Keeps each topic from going back in the venue's own numbering when its messages arrive over two connections, or over
 * another connection after a loss. The first arrival of a number counts; later updates with the same or a lower number
 * are repetitions. If the venue begins a new count, the first line in it leads until the other one has followed.
 * Without sequence numbers the leading connection wins until it is lost. Values and books only: events are compared by
 * the {@link EventSequenceTracker}.
 *
 * <p>Owned by the feed thread.
 */
public final class Arbiter {
    /** No update of the topic has been accepted. */
    public static final int NO_GROUP = -1;
    private static final long NONE = SequenceTracker.NONE;

    private long[] newest = new long[64];
    private long[] acceptedNs = new long[64];
    private int[] groups = new int[64];
    /** Topics that no line can go on with before it has sent an image that is not older. */
    private final BitSet incomplete = new BitSet();
    /** By topic: a new count that only one of two lines has begun. */
    private final Int2ObjectHashMap<NewCount> newCounts = new Int2ObjectHashMap<>();

    /** A line began a new count at that time; {@code before}: the newest number of the count before. */
    private record NewCount(ConnectionState line, long before, long sinceNs) {
    }

    public Arbiter() {
        Arrays.fill(newest, NONE);
        Arrays.fill(groups, NO_GROUP);
    }

    /** Updates of the topic are missing: the next update counts, with any number. */
    public void forget(final int topic) {
        newCounts.remove(topic);
        incomplete.clear(topic);
        if (topic < newest.length) {
            newest[topic] = NONE;
        }
    }

    /** Two lines miss updates of the topic: the first one counts that has caught up with the newest number. */
    public void onIncomplete(final int topic) {
        incomplete.set(topic);
    }

    /** The topic is gone: the next one with its number begins without a past. */
    public void remove(final int topic) {
        forget(topic);
        if (topic < groups.length) {
            groups[topic] = NO_GROUP;
        }
    }

    /** The group that sent the newest accepted update, {@link #NO_GROUP} without one. */
    public int group(final int topic) {
        return topic < groups.length ? groups[topic] : NO_GROUP;
    }

    /** No topic with an accepted update has this number or a larger one. */
    public int topicLimit() {
        return groups.length;
    }

    /**
     * Whether an update counts that two connections send.
     *
     * @param number  the venue's sequence number
     * @param verdict how the number follows the numbers before it on its line
     * @param line    the connection that sends it
     */
    boolean acceptsOfTwo(final int topic, final long number, final Verdict verdict, final ConnectionState line,
            final ConnectionState other) {
        final NewCount begun = newCounts.isEmpty() ? null : newCounts.get(topic);
        final boolean isNewCount = verdict.isNewCount();
        if (begun != null) {
            if (begun.line() != line && !isNewCount && !line.isLiveAfter(begun.sinceNs())) {
                return false;
            }
            if (begun.line() != line || number > begun.before()) {
                newCounts.remove(topic);
            }
        }
        final long newest = newest(topic);
        final boolean isStale = number <= newest;
        if (isStale && isNewCount && (begun == null || begun.line() == line)) {
            newCounts.put(topic, new NewCount(line, newest, acceptedNs[topic]));
            return accepts(topic, number, false);
        }
        return accepts(topic, number, isStale && !(newest != NONE && isNewAfterLoss(topic, number, line, other)));
    }

    /** Whether no line can go on with the topic. */
    boolean isIncomplete(final int topic) {
        return !incomplete.isEmpty() && incomplete.get(topic);
    }

    /** The line can go on with an incomplete topic; a smaller number than the newest one begins a new count. */
    void onCaughtUp(final int topic, final long number, final ConnectionState line) {
        final long before = newest(topic);
        forget(topic);
        if (number != NONE) {
            if (number < before) {
                newCounts.put(topic, new NewCount(line, before, acceptedNs[topic]));
            }
            accepts(topic, number, false);
        }
    }

    /** When the newest update of the topic was accepted. */
    long acceptedNs(final int topic) {
        return topic < acceptedNs.length ? acceptedNs[topic] : 0;
    }

    /** All lines are new, and the number is too low for a server that is a little behind. */
    private boolean isNewAfterLoss(final int topic, final long number, final ConnectionState line,
            final ConnectionState other) {
        return line.isLiveAfter(acceptedNs[topic]) && other.isLiveAfter(acceptedNs[topic])
            && (!line.isYoung() || SequenceTracker.isFarBelow(number, newest(topic)));
    }

    /**
     * Whether an update of a young connection counts: the connection before it may have sent the same. A snapshot
     * always counts, and so does a new count, if the connection is alone: the other one has ended.
     */
    boolean acceptsOfYoung(final int topic, final UpdateKind kind, final long number, final boolean isAlone) {
        final long newest = newest(topic);
        return number == NONE || accepts(topic, number, kind != UpdateKind.SNAPSHOT && newest != NONE && number < newest
            && !(isAlone && SequenceTracker.isFarBelow(number, newest)));
    }

    /** Notes an update that cannot be a repetition: it counts. */
    boolean onUpdate(final int topic, final long number) {
        if (!newCounts.isEmpty()) {
            newCounts.remove(topic);
        }
        return number == NONE || accepts(topic, number, false);
    }

    /** Notes the group whose update was accepted. */
    void onAccepted(final int topic, final int group, final long nowNs) {
        if (topic >= groups.length) {
            grow(topic);
        }
        groups[topic] = group;
        acceptedNs[topic] = nowNs;
    }

    private boolean accepts(final int topic, final long number, final boolean isStale) {
        if (topic >= newest.length) {
            grow(topic);
        }
        if (isStale) {
            return false;
        }
        newest[topic] = number;
        return true;
    }

    /** The newest number of the topic, {@link SequenceTracker#NONE} if any counts. */
    long newest(final int topic) {
        return topic < newest.length ? newest[topic] : NONE;
    }

    private void grow(final int topic) {
        final int size = newest.length;
        newest = Arrays.copyOf(newest, Math.max(size * 2, topic + 1));
        acceptedNs = Arrays.copyOf(acceptedNs, newest.length);
        groups = Arrays.copyOf(groups, newest.length);
        Arrays.fill(newest, size, newest.length, NONE);
        Arrays.fill(groups, size, groups.length, NO_GROUP);
    }
}
