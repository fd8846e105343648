package penstock.feed;

import java.util.Arrays;
import java.util.BitSet;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/**
 * Lets no topic go back in the venue's own numbering when its messages come over two connections at once, or over
 * another connection after a loss: the first arrival of a number counts, and what comes at or below it was told
 * already.
 *
 * <p>Where the venue numbers nothing, one connection has the word as long as it lives.
 *
 * <p>Owned by the feed thread.
 */
final class Arbiter {
    /** So many in a row that tell nothing new: the venue has begun to count anew. */
    private static final int MOST_OLD = 1_000;
    private static final long NONE = SequenceTracker.NONE;

    private long[] newest = new long[64];
    private int[] old = new int[64];
    /** Topics that were not wanted for a while: what was told last may be told again, once. */
    private final BitSet renewed = new BitSet();

    Arbiter() {
        Arrays.fill(newest, NONE);
    }

    /**
     * Whether an update that one of two connections tells counts.
     *
     * @param number    as the venue numbers it, {@link SequenceTracker#NONE} where it does not
     * @param isLeading its connection has the word where there are no numbers
     */
    boolean takesOfTwo(final int topic, final long number, final boolean isLeading) {
        return number == NONE ? isLeading
            : takes(topic, number, renewed.get(topic) ? number < newest(topic) : number <= newest(topic));
    }

    /**
     * Whether an update counts of a connection that is so young that it may tell what the last one told. A snapshot
     * always does.
     */
    boolean takesOfYoung(final int topic, final UpdateKind kind, final long number) {
        return number == NONE || takes(topic, number, kind != UpdateKind.SNAPSHOT && number < newest(topic));
    }

    /** An update that can't be old. */
    void onUpdate(final int topic, final long number) {
        if (number != NONE) {
            takes(topic, number, false);
        }
    }

    /** The topic is wanted again: it begins with a repetition perhaps, and perhaps on another connection. */
    void renew(final int topic) {
        renewed.set(topic);
    }

    boolean isRenewed(final int topic) {
        return renewed.get(topic);
    }

    /** What was told of the topic is worth nothing: the next update counts, whatever its number. */
    void forget(final int topic) {
        if (topic < newest.length) {
            newest[topic] = NONE;
        }
    }

    private boolean takes(final int topic, final long number, final boolean isOld) {
        if (topic >= newest.length) {
            grow(topic);
        }
        if (isOld && old[topic] < MOST_OLD) {
            old[topic]++;
            return false;
        }
        old[topic] = 0;
        renewed.clear(topic);
        newest[topic] = number;
        return true;
    }

    private long newest(final int topic) {
        return topic < newest.length ? newest[topic] : NONE;
    }

    private void grow(final int topic) {
        final int had = newest.length;
        newest = Arrays.copyOf(newest, Math.max(had * 2, topic + 1));
        old = Arrays.copyOf(old, newest.length);
        Arrays.fill(newest, had, newest.length, NONE);
    }
}
