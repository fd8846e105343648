package penstock.topic;

import java.util.Arrays;

/**
 * How many read each topic's updates in a journal, and how many the upstream's payloads. Who left is waited for: for
 * one lap of the journal its topics are read still. Owned by the shard.
 */
final class JournalRefCounts {
    private static final long NEVER = -1;

    private final long lapBytes;
    private int[] counts = new int[0];
    private int[] payloadCounts = new int[0];
    /** Where the journal was when the last one left. */
    private long[] leftAt = new long[0];

    JournalRefCounts(final long lapBytes) {
        this.lapBytes = lapBytes;
    }

    /** Makes room for topics. */
    void ensureTopics(final int size) {
        final int had = counts.length;
        counts = Arrays.copyOf(counts, size);
        payloadCounts = Arrays.copyOf(payloadCounts, size);
        leftAt = Arrays.copyOf(leftAt, size);
        Arrays.fill(leftAt, had, size, NEVER);
    }

    /** Whether somebody reads a topic, or may come back to it; {@code head} is where the journal is. */
    boolean has(final int topic, final long head) {
        return topic < counts.length
            && (counts[topic] > 0 || leftAt[topic] != NEVER && head - leftAt[topic] <= lapBytes);
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

    boolean hasPayloads(final int topic) {
        return payloadCounts[topic] > 0;
    }

    /** One reader of payloads more, or less. */
    void addPayloads(final int topic, final int more) {
        payloadCounts[topic] += more;
    }
}
