package penstock.feed.tick;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import org.agrona.collections.Int2ObjectHashMap;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

/**
 * One rollover: for a while an old and a new line of the same connection send the same updates, one of them a little
 * later. A topic belongs to the old line until the new one sends an update that the old one has not sent yet; then it
 * belongs to the new line, until the old one is ahead again, as it is when the new one falls silent. So no update is
 * missed, and no topic goes back in time. An update is known as sent by the venue's time, and by the bytes of the last
 * few updates, which both lines send in the same order. Without times no topic moves back.
 *
 * <p>Owned by the feed thread.
 */
final class Handover {
    /** Updates of one topic by which one line may be behind the other: 16 are a second of a busy topic. */
    private static final int MAX_LAG = 16;
    /** A complete new line that is always the later one takes over after this long. */
    private static final long MAX_OVERLAP_NS = 5_000_000_000L;
    /** By the venue's time. No line is further behind: it would be closed as silent. The venue's clock was set back. */
    private static final long MAX_BEHIND_US = 60_000_000;

    private final BitSet moved = new BitSet();
    private RecentUpdates[] recent = new RecentUpdates[1024];
    /** By topic: what only the new line has sent. */
    private final Int2ObjectHashMap<RecentUpdates> ahead = new Int2ObjectHashMap<>();
    /** By topic: what new lines had sent that have ended, and the old line has not sent yet. */
    private final Int2ObjectHashMap<RecentUpdates> overtaken = new Int2ObjectHashMap<>();
    private boolean isTakenOver;
    private boolean isFailed;
    /** The old line has ended before the new one took over. */
    private boolean isOldLost;
    private boolean isComplete;
    private long completeNs;

    /** The last updates of one topic on one line that the other line has not sent yet. */
    private static final class RecentUpdates {
        private final long[] hashes = new long[MAX_LAG];
        private int first;
        private int count;
        private long newestUs = Long.MIN_VALUE;
        private long newestHash;
        /** Updates that are older, or seem to be, and came since the new line ended. */
        private int behind;
        /** An update is forgotten that the other line may still send. */
        private boolean isOverrun;
        private boolean isUncertain;

        private void add(final long hash, final long timeUs) {
            if (count == MAX_LAG) {
                isOverrun = true;
                first++;
                count--;
            }
            hashes[(first + count++) % MAX_LAG] = hash;
            newestHash = hash;
            newestUs = Math.max(newestUs, timeUs);
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

        /** Whether an update of the other line certainly follows these, and it left none out that does. */
        private boolean isFollowedBy(final long hash, final long timeUs) {
            if (timeUs == Long.MIN_VALUE || timeUs < newestUs || removeThrough(hash)) {
                return false;
            }
            isUncertain |= isOverrun && timeUs == newestUs;
            return !isUncertain;
        }
    }

    /** {@code before}: the attempt before, which has failed; null without one. */
    Handover(final Handover before) {
        if (before != null) {
            overtaken.putAll(before.overtaken);
        }
    }

    /** The topic is gone: the next one with its number has not moved. */
    void forget(final int topic) {
        moved.clear(topic);
        ahead.remove(topic);
        overtaken.remove(topic);
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
        overtaken.putAll(ahead);
        ahead.clear();
        moved.stream().forEach(orphaned);
    }

    /** Whether an update counts; {@code isCandidate}: it came on the line that has not taken over yet. */
    boolean accepts(final boolean isCandidate, final int topic, final long timeUs, final UpdateSlice slices) {
        if (!overtaken.isEmpty() && isOvertaken(topic, timeUs, slices)) {
            return false;
        }
        return isFailed
            || (isCandidate || isTakenOver ? acceptsNew(topic, timeUs, slices) : acceptsOld(topic, timeUs, slices));
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

    /** The old line has ended; {@code behind} receives each topic of which it had sent more than the new one. */
    void onOldEnded(final IntConsumer behind) {
        isOldLost = true;
        for (int topic = 0; topic < recent.length; topic++) {
            if (recent[topic] != null && recent[topic].count > 0 && !moved.get(topic)) {
                behind.accept(topic);
            }
        }
    }

    private boolean acceptsOld(final int topic, final long timeUs, final UpdateSlice slices) {
        final long hash = hash(slices);
        if (moved.get(topic)) {
            if (!ahead.get(topic).isFollowedBy(hash, timeUs)) {
                return false;
            }
            moved.clear(topic);
            ahead.remove(topic);
        }
        if (topic >= recent.length) {
            recent = Arrays.copyOf(recent, Math.max(recent.length * 2, topic + 1));
        }
        if (recent[topic] == null) {
            recent[topic] = new RecentUpdates();
        }
        recent[topic].add(hash, timeUs);
        return true;
    }

    private boolean acceptsNew(final int topic, final long timeUs, final UpdateSlice slices) {
        final long hash = hash(slices);
        if (!moved.get(topic)) {
            final RecentUpdates last = topic < recent.length ? recent[topic] : null;
            if (last != null && isOfOld(last, hash, timeUs, slices.kind)) {
                return false;
            }
            moved.set(topic);
        }
        if (!isTakenOver) {
            ahead.computeIfAbsent(topic, t -> new RecentUpdates()).add(hash, timeUs);
        }
        return true;
    }

    /** Whether the old line has sent the update, or newer ones. */
    private boolean isOfOld(final RecentUpdates last, final long hash, final long timeUs, final UpdateKind kind) {
        final boolean isOlder = timeUs != Long.MIN_VALUE && timeUs < last.newestUs;
        if (isOldLost && kind != UpdateKind.FULL) {
            // what consists of changes is requested again, and its snapshot counts; not one that was on its way before
            return isOlder;
        }
        // the newest one makes a topic fresh again that is stale since the loss
        return isOlder || last.removeThrough(hash) && !(isOldLost && last.count == 0);
    }

    /** Whether a line that has ended had sent newer updates of the topic. */
    private boolean isOvertaken(final int topic, final long timeUs, final UpdateSlice slices) {
        final RecentUpdates newer = overtaken.get(topic);
        if (newer == null) {
            return false;
        }
        final boolean isOlder = timeUs != Long.MIN_VALUE && timeUs < newer.newestUs;
        if (isOlder && newer.newestUs - timeUs <= MAX_BEHIND_US
                || (isOlder || hash(slices) == newer.newestHash) && ++newer.behind <= MAX_LAG) {
            return true;
        }
        overtaken.remove(topic);
        return false;
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
