package penstock.fanout.frame;

import java.util.Arrays;
import org.agrona.collections.IntHashSet;
import penstock.wire.MessageBuffer;

/**
 * The topics that a client must know before it can read the message under construction. Owned by the shard's io thread;
 * one for all its sessions.
 */
final class Announcement {
    private static final int TOPICS = 64;

    private final MessageBuffer topics = new MessageBuffer(1024);
    private final IntHashSet seen = new IntHashSet();
    private int[] slots = new int[TOPICS];
    private int count;

    /** A message begins. */
    void clear() {
        if (count > 0) {
            topics.clear();
            seen.clear();
            count = 0;
        }
    }

    /** Adds the topic of a slot; false if the message has it already. The caller writes it to {@link #topics()}. */
    boolean add(final int slot) {
        if (!seen.add(slot)) {
            return false;
        }
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, 2 * count);
        }
        slots[count++] = slot;
        return true;
    }

    /** How many topics it has. */
    int count() {
        return count;
    }

    /** Their slots, as many as there are topics. */
    int[] slots() {
        return slots;
    }

    /** What is written of them. */
    MessageBuffer topics() {
        return topics;
    }
}
