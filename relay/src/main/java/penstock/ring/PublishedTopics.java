package penstock.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.agrona.collections.IntArrayQueue;

/** The topics of a publisher by their numbers, which are used again. Owned by the feed thread. */
final class PublishedTopics {
    /** By number; null at a free one. */
    private final List<PublishedTopic> topics = new ArrayList<>();
    /** Numbers of forgotten topics, the one that is free the longest first. */
    private final IntArrayQueue free = new IntArrayQueue();

    PublishedTopic get(final int id) {
        return topics.get(id);
    }

    /** Adds a topic; returns its number. */
    int add(final int feed, final int channel, final byte[] symbol, final int offset, final int length) {
        final int id = free.isEmpty() ? topics.size() : free.pollInt();
        final PublishedTopic topic =
            new PublishedTopic(feed, id, channel, Arrays.copyOfRange(symbol, offset, offset + length));
        if (id == topics.size()) {
            topics.add(topic);
        } else {
            topics.set(id, topic);
        }
        return id;
    }

    /** Takes a topic out; its number is not free before {@link #free}. */
    PublishedTopic remove(final int id) {
        return topics.set(id, null);
    }

    void free(final int id) {
        free.addInt(id);
    }

    /** Those of a feed. */
    List<PublishedTopic> of(final int feed) {
        return topics.stream().filter(Objects::nonNull).filter(topic -> topic.feed == feed).toList();
    }

    void clear() {
        topics.clear();
        free.clear();
    }
}
