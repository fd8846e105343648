package penstock.feed;

import java.util.Arrays;
import java.util.BitSet;
import penstock.ring.UpdateSlice;

/**
 * Two connections tell the same story for a while, one of them a little later: decides whose word counts. A topic
 * belongs to the old connection until the new one says something of it that the old has not said yet; from then on it
 * belongs to the new one. So nothing is missed, and nothing goes back in time. "Said already" is known by the venue's
 * time, and by the bytes of the last few updates, which both say in the same order. Owned by the feed thread; lives for
 * one roll-over.
 */
final class Handover {
    /** Updates of one topic that one connection may be behind the other: 16 are a second of a busy one. */
    private static final int KEPT = 16;

    private final BitSet moved = new BitSet();
    private Said[] said = new Said[1024];

    /** What the old connection said of one topic last, and the new one has not said after it. */
    private static final class Said {
        private final long[] hashes = new long[KEPT];
        private int first;
        private int count;
        private long newestUs = Long.MIN_VALUE;

        private void add(final long hash) {
            if (count == KEPT) {
                first++;
                count--;
            }
            hashes[(first + count++) % KEPT] = hash;
        }

        /** Both tell in the same order: what stands before it will not be said any more. */
        private boolean removeThrough(final long hash) {
            for (int i = 0; i < count; i++) {
                if (hashes[(first + i) % KEPT] == hash) {
                    first = (first + i + 1) % KEPT;
                    count -= i + 1;
                    return true;
                }
            }
            return false;
        }
    }

    /** Whether an update of the old connection still counts. */
    boolean takesOld(final int topic, final long timeUs, final UpdateSlice slices) {
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
        last.add(hash(slices));
        last.newestUs = Math.max(last.newestUs, timeUs);
        return true;
    }

    /** Whether an update of the new connection counts already. */
    boolean takesNew(final int topic, final long timeUs, final UpdateSlice slices) {
        if (moved.get(topic)) {
            return true;
        }
        final Said last = topic < said.length ? said[topic] : null;
        final boolean isOlder = last != null && timeUs != Long.MIN_VALUE && timeUs < last.newestUs;
        if (isOlder || last != null && last.removeThrough(hash(slices))) {
            return false;
        }
        moved.set(topic);
        return true;
    }

    private static long hash(final UpdateSlice slices) {
        // of a book nothing but the whole message tells one change from another
        final boolean isValue = slices.levels == null && slices.valueLength > 0;
        final int from = isValue ? slices.valueOffset : slices.payloadOffset;
        final int length = isValue ? slices.valueLength : slices.payloadLength;
        long hash = length;
        for (int i = from; i < from + length; i++) {
            hash = hash * 0x100000001b3L ^ slices.buffer[i];
        }
        return hash;
    }
}
