package penstock.venue;

import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;

/**
 * The topics that a connection has begun to send, for rules by which the first message of a topic is its snapshot.
 * Owned by the feed thread.
 */
final class BegunTopics {
    private final ByteTable<Boolean>[] byChannel;

    @SuppressWarnings({"unchecked", "rawtypes"})
    BegunTopics(final int channels) {
        byChannel = new ByteTable[channels];
        for (int i = 0; i < channels; i++) {
            byChannel[i] = new ByteTable<>();
        }
    }

    boolean contains(final int channel, final ByteSlice symbol) {
        return byChannel[channel].get(symbol) != null;
    }

    void add(final int channel, final ByteSlice symbol) {
        byChannel[channel].put(symbol, Boolean.TRUE);
    }

    void remove(final int channel, final ByteSlice symbol) {
        byChannel[channel].remove(symbol);
    }

    void clear() {
        for (final ByteTable<Boolean> topics : byChannel) {
            topics.clear();
        }
    }
}
