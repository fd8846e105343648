package penstock.feed.tick;

import java.util.Arrays;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/**
 * Keeps each topic from going back in the venue's own numbering when its messages arrive over two connections, or over
 * another connection after a loss. The first arrival of a number counts; later updates with the same or a lower number
 * are repetitions. Without sequence numbers the leading connection wins until it is lost.
 *
 * <p>Owned by the feed thread.
 */
public final class Arbiter {
    /** No update of the topic has been accepted. */
    public static final int NO_GROUP = -1;
    /** After this many stale numbers in a row the venue has restarted its numbering. */
    private static final int MAX_STALE_SEQUENCES = 1_000;
    private static final long NONE = SequenceTracker.NONE;

    private long[] newest = new long[64];
    private int[] staleCounts = new int[64];
    private int[] groups = new int[64];

    public Arbiter() {
        Arrays.fill(newest, NONE);
        Arrays.fill(groups, NO_GROUP);
    }

    /** Updates of the topic are missing: the next update counts, with any number. */
    public void forget(final int topic) {
        if (topic < newest.length) {
            newest[topic] = NONE;
        }
    }

    /** The topic is gone: the next one with its number begins without a past. */
    public void remove(final int topic) {
        if (topic < newest.length) {
            newest[topic] = NONE;
            staleCounts[topic] = 0;
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
     * @param number    the venue's sequence number, {@link SequenceTracker#NONE} without one
     * @param isLeading true if its connection wins where there are no numbers
     */
    boolean acceptsOfTwo(final int topic, final long number, final boolean isLeading) {
        return number == NONE ? isLeading
            : accepts(topic, number, number <= newest(topic));
    }

    /**
     * Whether an update of a young connection counts: the connection before it may have sent the same. A snapshot
     * always counts.
     */
    boolean acceptsOfYoung(final int topic, final UpdateKind kind, final long number) {
        return number == NONE || accepts(topic, number, kind != UpdateKind.SNAPSHOT && number < newest(topic));
    }

    /** Notes an update that cannot be a repetition. */
    void onUpdate(final int topic, final long number) {
        if (number != NONE) {
            accepts(topic, number, false);
        }
    }

    /** Notes the group whose update was accepted. */
    void onAccepted(final int topic, final int group) {
        if (topic >= groups.length) {
            grow(topic);
        }
        groups[topic] = group;
    }

    private boolean accepts(final int topic, final long number, final boolean isStale) {
        if (topic >= newest.length) {
            grow(topic);
        }
        if (isStale && staleCounts[topic] < MAX_STALE_SEQUENCES) {
            staleCounts[topic]++;
            return false;
        }
        staleCounts[topic] = 0;
        newest[topic] = number;
        return true;
    }

    private long newest(final int topic) {
        return topic < newest.length ? newest[topic] : NONE;
    }

    private void grow(final int topic) {
        final int size = newest.length;
        newest = Arrays.copyOf(newest, Math.max(size * 2, topic + 1));
        staleCounts = Arrays.copyOf(staleCounts, newest.length);
        groups = Arrays.copyOf(groups, newest.length);
        Arrays.fill(newest, size, newest.length, NONE);
        Arrays.fill(groups, size, groups.length, NO_GROUP);
    }
}
