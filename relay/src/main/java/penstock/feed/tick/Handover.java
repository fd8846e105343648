package penstock.feed.tick;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import penstock.ring.UpdateSlice;

/**
 * One rollover: for a while an old and a new line of the same connection send the same updates, one of them a little
 * later. A topic belongs to the old line until the new one sends an update that the old one has not sent yet; then it
 * belongs to the new line. So no update is missed, and no topic goes back in time. An update is known as sent by the
 * venue's time, and by the bytes of the last few updates, which both lines send in the same order.
 *
 * <p>Owned by the feed thread.
 */
final class Handover {
    /** Updates of one topic by which one line may be behind the other: 16 are a second of a busy topic. */
    private static final int MAX_LAG = 16;
    /** A complete new line that is always the later one takes over after this long. */
    private static final long MAX_OVERLAP_NS = 5_000_000_000L;

    private final BitSet moved = new BitSet();
    private RecentUpdates[] recent = new RecentUpdates[1024];
    /** By topic: the newest update that only the new line has sent. */
    private final Int2ObjectHashMap<Newest> newest = new Int2ObjectHashMap<>();
    private boolean isTakenOver;
    private boolean isFailed;
    private boolean isComplete;
    private long completeNs;

    /** The newest update of a topic that the new line has sent. */
    private static final class Newest {
        private long timeUs;
        private long hash;
        /** Updates that the old line has sent since the new one ended. */
        private int behind;
    }

    /** The last updates of one topic on the old line that the new line has not sent yet. */
    private static final class RecentUpdates {
        private final long[] hashes = new long[MAX_LAG];
        private int first;
        private int count;
        private long newestUs = Long.MIN_VALUE;

        private void add(final long hash) {
            if (count == MAX_LAG) {
                first++;
                count--;
            }
            hashes[(first + count++) % MAX_LAG] = hash;
        }

        /** Both lines send in the same order: the updates before this one will not be sent any more. */
        private boolean removeThrough(final long hash) {
            for (int i = 0; i < count; i++) {
                if (hashes[(first + i) % MAX_LAG] == hash) {
                    first = (first + i + 1) % MAX_LAG;
                    count -= i + 1;
                    return true;
                }
            }
            return false;
        }
    }

    /** The topic is gone: the next one with its number has not moved. */
    void forget(final int topic) {
        moved.clear(topic);
        newest.remove(topic);
        if (topic < recent.length) {
            recent[topic] = null;
        }
    }

    /**
     * The new line has ended before it took over: the old one sends everything again, first what is older than the last
     * updates of the new line.
     *
     * @param orphaned receives each topic that belonged to the new line: what the old one has sent of it meanwhile did
     *                 not count
     */
    void fail(final IntConsumer orphaned) {
        isFailed = true;
        moved.stream().forEach(orphaned);
    }

    /** Whether an update counts; {@code isCandidate}: it came on the line that has not taken over yet. */
    boolean accepts(final boolean isCandidate, final int topic, final long timeUs, final UpdateSlice slices) {
        return isFailed ? acceptsAlone(topic, timeUs, slices)
            : isCandidate || isTakenOver ? acceptsNew(topic, timeUs, slices) : acceptsOld(topic, timeUs, slices);
    }

    /**
     * Whether the new line may take over.
     *
     * @param isAhead  its newest update was not sent by the old line before
     * @param complete its subscriptions are all confirmed or rejected
     */
    boolean isReady(final boolean isAhead, final boolean complete, final long nowNs) {
        if (!isComplete && complete) {
            isComplete = true;
            completeNs = nowNs;
        }
        return isComplete && (isAhead || nowNs - completeNs >= MAX_OVERLAP_NS);
    }

    void onTakenOver() {
        isTakenOver = true;
    }

    private boolean acceptsOld(final int topic, final long timeUs, final UpdateSlice slices) {
        if (moved.get(topic)) {
            return false;
        }
        if (topic >= recent.length) {
            recent = Arrays.copyOf(recent, Math.max(recent.length * 2, topic + 1));
        }
        if (recent[topic] == null) {
            recent[topic] = new RecentUpdates();
        }
        final RecentUpdates last = recent[topic];
        last.add(hash(slices));
        last.newestUs = Math.max(last.newestUs, timeUs);
        return true;
    }

    private boolean acceptsNew(final int topic, final long timeUs, final UpdateSlice slices) {
        if (moved.get(topic)) {
            note(topic, timeUs, slices);
            return true;
        }
        final RecentUpdates last = topic < recent.length ? recent[topic] : null;
        final boolean isOlder = last != null && timeUs != Long.MIN_VALUE && timeUs < last.newestUs;
        if (isOlder || last != null && last.removeThrough(hash(slices))) {
            return false;
        }
        moved.set(topic);
        note(topic, timeUs, slices);
        return true;
    }

    private void note(final int topic, final long timeUs, final UpdateSlice slices) {
        if (!isTakenOver) {
            final Newest last = newest.computeIfAbsent(topic, t -> new Newest());
            last.timeUs = timeUs;
            last.hash = hash(slices);
        }
    }

    /** An update of the old line, after the new one has ended. */
    private boolean acceptsAlone(final int topic, final long timeUs, final UpdateSlice slices) {
        final Newest last = newest.get(topic);
        if (last == null) {
            return true;
        }
        final boolean isOlder = timeUs < last.timeUs && timeUs != Long.MIN_VALUE || hash(slices) == last.hash;
        if (isOlder && ++last.behind <= MAX_LAG) {
            return false;
        }
        newest.remove(topic);
        return true;
    }

    private static long hash(final UpdateSlice slices) {
        // only the whole message tells one change of a book from another
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
