package penstock.feed;

import java.util.Arrays;
import penstock.ring.TickPublisher;

/**
 * Finds the topic of a channel and a symbol given as bytes of a frame, without garbage when it is known; open
 * addressing, at most half full, nothing is ever removed: topic numbers live as long as the ring. Owned by the feed
 * thread.
 */
final class TopicIndex {
    private byte[][] symbols = new byte[1024][];
    private int[] channels = new int[1024];
    private int[] topics = new int[1024];
    private int size;

    /** The topic's number; an unknown one is added to the publisher first. */
    int topic(final int channel, final byte[] buffer, final int offset, final int length,
            final TickPublisher publisher) {
        final int slot = slot(channel, buffer, offset, length);
        return symbols[slot] != null ? topics[slot]
            : add(slot, channel, Arrays.copyOfRange(buffer, offset, offset + length), publisher);
    }

    boolean contains(final int channel, final byte[] buffer, final int offset, final int length) {
        return symbols[slot(channel, buffer, offset, length)] != null;
    }

    int size() {
        return size;
    }

    private int add(final int slot, final int channel, final byte[] symbol, final TickPublisher publisher) {
        final int topic = publisher.addTopic(channel, symbol, 0, symbol.length);
        put(slot, channel, symbol, topic);
        size++;
        if (size * 2 > symbols.length) {
            grow();
        }
        return topic;
    }

    /** The slot that holds it, or the empty one where it belongs. */
    private int slot(final int channel, final byte[] buffer, final int offset, final int length) {
        final int mask = symbols.length - 1;
        int slot = hash(channel, buffer, offset, length) & mask;
        while (symbols[slot] != null && !is(slot, channel, buffer, offset, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private boolean is(final int slot, final int channel, final byte[] buffer, final int offset, final int length) {
        return channels[slot] == channel
            && Arrays.equals(symbols[slot], 0, symbols[slot].length, buffer, offset, offset + length);
    }

    private void put(final int slot, final int channel, final byte[] symbol, final int topic) {
        symbols[slot] = symbol;
        channels[slot] = channel;
        topics[slot] = topic;
    }

    private void grow() {
        final byte[][] oldSymbols = symbols;
        final int[] oldChannels = channels;
        final int[] oldTopics = topics;
        symbols = new byte[oldSymbols.length * 2][];
        channels = new int[symbols.length];
        topics = new int[symbols.length];
        for (int i = 0; i < oldSymbols.length; i++) {
            if (oldSymbols[i] != null) {
                put(slot(oldChannels[i], oldSymbols[i], 0, oldSymbols[i].length), oldChannels[i], oldSymbols[i],
                    oldTopics[i]);
            }
        }
    }

    private static int hash(final int channel, final byte[] buffer, final int offset, final int length) {
        int hash = 0x811c9dc5 ^ channel;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ buffer[i]) * 0x01000193;
        }
        // FNV leaves the low bits of short symbols alike: mix the high ones in
        return hash ^ hash >>> 15;
    }
}
