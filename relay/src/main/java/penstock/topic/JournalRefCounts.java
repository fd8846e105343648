package penstock.topic;

import java.util.Arrays;

/**
 * Number of readers of each topic in the journal, of its entries as JSON, and of its payloads. A topic without readers
 * counts as read for one more lap of the journal: a reader that returns within the lap has missed nothing. Owned by the
 * shard's io thread.
 */
final class JournalRefCounts {
    private static final long NEVER = -1;

    private final long lapBytes;
    private int[] counts = new int[0];
    private int[] payloadCounts = new int[0];
    private int[] jsonCounts = new int[0];
    /** The journal's head when the last reader left. */
    private long[] leftAt = new long[0];

    JournalRefCounts(final long lapBytes) {
        this.lapBytes = lapBytes;
    }

    void ensureTopics(final int size) {
        final int had = counts.length;
        counts = Arrays.copyOf(counts, size);
        payloadCounts = Arrays.copyOf(payloadCounts, size);
        jsonCounts = Arrays.copyOf(jsonCounts, size);
        leftAt = Arrays.copyOf(leftAt, size);
        Arrays.fill(leftAt, had, size, NEVER);
    }

    /** True if the journal stores the topic: events always, other topics while they have readers. */
    boolean isStored(final Topic topic, final long head) {
        final int id = topic.id();
        return topic.channel().isEventChannel()
            || id < counts.length && (counts[id] > 0 || leftAt[id] != NEVER && head - leftAt[id] <= lapBytes);
    }

    void add(final int topic) {
        counts[topic]++;
        leftAt[topic] = NEVER;
    }

    void remove(final int topic, final long head) {
        if (--counts[topic] == 0) {
            leftAt[topic] = head;
        }
    }

    void forget(final int topic) {
        assert counts[topic] + payloadCounts[topic] + jsonCounts[topic] == 0 : "a forgotten topic has no readers";
        leftAt[topic] = NEVER;
    }

    boolean hasPayloads(final int topic) {
        return payloadCounts[topic] > 0;
    }

    void addPayloads(final int topic, final int delta) {
        payloadCounts[topic] += delta;
    }

    /** Whether several readers are sent the topic's updates as rows. */
    boolean hasSeveralOfRows(final int topic) {
        return counts[topic] - jsonCounts[topic] - payloadCounts[topic] > 1;
    }

    boolean hasJson(final int topic) {
        return jsonCounts[topic] > 0;
    }

    void addJson(final int topic, final int delta) {
        jsonCounts[topic] += delta;
    }
}
