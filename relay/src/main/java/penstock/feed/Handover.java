package penstock.feed;

import java.util.Arrays;
import java.util.BitSet;
import penstock.ring.Slices;

/**
 * Two connections tell the same story for a while, one of them a little later: decides whose word counts. A topic belongs to the old
 * connection until the new one says something of it that the old has not said yet; from then on it belongs to the new one. So nothing is
 * missed, and nothing goes back in time. "Said already" is known by the venue's time, and by the bytes of the last few updates.
 * Owned by the feed thread; lives for one roll-over.
 */
final class Handover {
    /** Updates of one topic that one connection may be behind the other: 16 are a second of a busy one. */
    private static final int KEPT = 16;

    private final BitSet moved = new BitSet();
    private Said[] said = new Said[1024];

    /** What the old connection said of one topic last. */
    private static final class Said {
        private final long[] hashes = new long[KEPT];
        private int count;
        private long newestUs = Long.MIN_VALUE;

        private boolean contains(final long hash) {
            for (int i = 0; i < Math.min(count, KEPT); i++) {
                if (hashes[i] == hash) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether an update of the old connection still counts. */
    boolean takesOld(final int topic, final long timeUs, final Slices slices) {
        if (moved.get(topic)) {
            return false;
        }
        if (topic >= said.length) {
            said = Arrays.copyOf(said, Math.max(said.length * 2, topic + 1));
        }
        if (said[topic] == null) {
            said[topic] = new Said();
        }
        final Said last = said[topic];
        last.hashes[last.count % KEPT] = hash(slices);
        last.count = last.count + 1 == 2 * KEPT ? KEPT : last.count + 1;
        last.newestUs = Math.max(last.newestUs, timeUs);
        return true;
    }

    /** Whether an update of the new connection counts already. */
    boolean takesNew(final int topic, final long timeUs, final Slices slices) {
        if (moved.get(topic)) {
            return true;
        }
        final Said last = topic < said.length ? said[topic] : null;
        final boolean isOlder = last != null && timeUs != Long.MIN_VALUE && timeUs < last.newestUs;
        if (isOlder || last != null && last.contains(hash(slices))) {
            return false;
        }
        moved.set(topic);
        return true;
    }

    private static long hash(final Slices slices) {
        long hash = slices.valueLength;
        for (int i = slices.valueOffset; i < slices.valueOffset + slices.valueLength; i++) {
            hash = hash * 0x100000001b3L ^ slices.buffer[i];
        }
        return hash;
    }
}
