package penstock.link;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Topics whose value the other relay has, too, and which is live there; each once. Owned by the feed thread. */
final class ConfirmedTopics {
    private final List<LinkTopic> topics = new ArrayList<>();

    void add(final LinkTopic topic) {
        if (!topic.isConfirmed) {
            topic.isConfirmed = true;
            topics.add(topic);
        }
    }

    /** Takes all out. */
    void take(final Consumer<LinkTopic> taker) {
        for (final LinkTopic topic : topics) {
            topic.isConfirmed = false;
            taker.accept(topic);
        }
        topics.clear();
    }

    void clear() {
        take(topic -> { });
    }
}
