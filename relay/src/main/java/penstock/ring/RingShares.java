package penstock.ring;

import com.lmax.disruptor.RingBuffer;
import java.util.Arrays;

/**
 * How much of the ring each of several feeds takes: at most its equal share, so that a feed that floods leaves the
 * others theirs. A feed that takes nothing may write one event of any size. Owned by the feed thread.
 */
final class RingShares {
    private final RingBuffer<Tick> slots;
    private final int payloadBytes;
    private int maxSlots;
    private long maxBytes;
    /** By feed: what is in the ring and not known to be read. */
    private int[] takenSlots;
    private long[] takenBytes;
    /** The newest slot that counts as read, and where its payload ended. */
    private long freed;
    private long freedEnd;

    RingShares(final RingBuffer<Tick> slots, final int payloadBytes, final int feeds) {
        this.slots = slots;
        this.payloadBytes = payloadBytes;
        takenSlots = new int[feeds];
        takenBytes = new long[feeds];
        share(feeds, feeds);
        takeWritten();
    }

    /** What is in the ring already is of the first feed; the payload of the oldest event does not count. */
    private void takeWritten() {
        final long newest = slots.getCursor();
        freed = Math.min(newest, slots.getMinimumGatingSequence());
        freedEnd = newest < 0 ? 0 : slots.get(Math.min(newest, freed + 1)).payloadEnd;
        takenSlots[0] = (int) (newest - freed);
        takenBytes[0] = newest < 0 ? 0 : slots.get(newest).payloadEnd - freedEnd;
    }

    /** From now on there are as many {@code places} of feeds; those that are {@code running} get equal shares. */
    void share(final int places, final int running) {
        takenSlots = Arrays.copyOf(takenSlots, places);
        takenBytes = Arrays.copyOf(takenBytes, places);
        maxSlots = slots.getBufferSize() / running;
        maxBytes = payloadBytes / running;
    }

    /** Whether one more event of that many bytes is within the share of its feed. */
    boolean hasRoom(final int feed, final int bytes) {
        if (!isWithin(feed, bytes)) {
            free(slots.getMinimumGatingSequence());
        }
        return isWithin(feed, bytes);
    }

    /** A slot is about to be written again: what was in it counts as read. */
    void onClaimed(final long sequence) {
        free(sequence - slots.getBufferSize());
    }

    /** An event of a feed was written; its payload takes that many bytes, those left free before it included. */
    void onWritten(final int feed, final long bytes) {
        takenSlots[feed]++;
        takenBytes[feed] += bytes;
    }

    private boolean isWithin(final int feed, final int bytes) {
        return takenSlots[feed] == 0 || takenSlots[feed] < maxSlots && takenBytes[feed] + bytes <= maxBytes;
    }

    private void free(final long upTo) {
        while (freed < upTo) {
            freed++;
            final Tick tick = slots.get(freed);
            takenSlots[tick.feed]--;
            takenBytes[tick.feed] -= tick.payloadEnd - freedEnd;
            freedEnd = tick.payloadEnd;
        }
    }
}
