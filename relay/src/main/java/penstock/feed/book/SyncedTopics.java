package penstock.feed.book;

import java.util.Arrays;
import penstock.ring.UpdateKind;

/**
 * Topics for which this line has sent a complete snapshot: only then do changes mean anything. Owned by the feed
 * thread.
 */
final class SyncedTopics {
    private int generation = 1;
    /** By topic: the generation in which its snapshot arrived. */
    private int[] generations = new int[64];
    private int[] channels = new int[64];

    /** Forgets all topics. */
    void clear() {
        generation++;
    }

    boolean contains(final int topic) {
        return topic < generations.length && generations[topic] == generation;
    }

    /** The channel of a topic that it contains. */
    int channel(final int topic) {
        return channels[topic];
    }

    void onUpdate(final int channel, final int topic, final UpdateKind kind) {
        if (kind == UpdateKind.FULL || kind == UpdateKind.SNAPSHOT) {
            if (topic >= generations.length) {
                generations = Arrays.copyOf(generations, Math.max(topic + 1, generations.length * 2));
                channels = Arrays.copyOf(channels, generations.length);
            }
            generations[topic] = generation;
            channels[topic] = channel;
        }
    }

    /** Changes of the topic are missing; true if it was in sync. */
    boolean forget(final int topic) {
        final boolean wasSynced = contains(topic);
        if (wasSynced) {
            generations[topic] = generation - 1;
        }
        return wasSynced;
    }
}
