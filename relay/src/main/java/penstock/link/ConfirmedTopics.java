package penstock.link;

import java.util.ArrayList;
import java.util.List;
import penstock.link.message.LinkUpdate;
import penstock.ring.TopicState;

/**
 * Which values of a channel are good although the feed was lost since they were published: those that the other relay
 * has, too, and that are live there since its own last loss of the feed. Owned by the feed thread.
 */
final class ConfirmedTopics {
    private final LinkTarget target;
    /** Those that may be confirmed; each once. */
    private final List<LinkTopic> topics = new ArrayList<>();
    /** How often the other relay has reported over this connection that it lost the feed. */
    private int lossesReceived;
    /** How many of these reports were released. */
    private int losses;
    /** How many had been received when the subscription was acknowledged. */
    private int lossesBefore;
    /** How often it was published that all values are stale. */
    private int staleTimes;
    private boolean isLostAgain;

    ConfirmedTopics(final LinkTarget target) {
        this.target = target;
    }

    /** A subscription begins: what an earlier connection said of values counts no more. */
    void begin() {
        clear();
        losses = ++lossesReceived;
        isLostAgain = false;
    }

    /** What is not mentioned from now on is live, if the channel continues: until a loss is reported. */
    void onSubscribed() {
        lossesBefore = lossesReceived;
    }

    /** The other relay reports that it has lost the feed: images that come from now on are from after that. */
    void onLossReceived() {
        lossesReceived++;
    }

    /** The position of that report was released. */
    void onLoss() {
        losses++;
    }

    /** It is published that all values are stale. */
    void onStale() {
        staleTimes++;
    }

    /**
     * A value was received.
     *
     * @param isWhole    it says whether it is live
     * @param isReported the topic itself is not live
     */
    void onSeen(final LinkTopic topic, final LinkUpdate update, final boolean isWhole, final boolean isReported) {
        final boolean isLive = update.state == TopicState.LIVE;
        topic.liveAfter = isLive && isWhole ? lossesReceived : -1;
        isLostAgain |= isWhole && !isLive && !isReported && update.p == topic.p && topic.goodSince == staleTimes;
    }

    /**
     * Whether a value that is good here is not good there: the feed was lost once more at the position of its last
     * loss, while the link was down.
     */
    boolean isLostAgain() {
        return isLostAgain;
    }

    /** The other relay continued and did not mention a topic. */
    void onNotSeen(final LinkTopic topic) {
        topic.liveAfter = lossesBefore;
        add(topic);
    }

    /** A value is published, which is good. */
    void onPublished(final LinkTopic topic) {
        topic.goodSince = staleTimes;
    }

    /** A value was released that may have been published before. */
    void add(final LinkTopic topic) {
        if (!topic.isConfirmed) {
            topic.isConfirmed = true;
            topics.add(topic);
        }
    }

    /**
     * The feed is live: values are good that were confirmed since its last loss. Those that wait for a loss which has
     * been received, but not released, stay.
     */
    void publish() {
        topics.removeIf(topic -> {
            if (topic.liveAfter > losses) {
                return false;
            }
            topic.isConfirmed = false;
            if (topic.goodSince < staleTimes && topic.liveAfter == losses && !topic.isGone && topic.q > 0) {
                topic.goodSince = staleTimes;
                target.confirm(topic.id);
            }
            return true;
        });
    }

    private void clear() {
        topics.forEach(topic -> topic.isConfirmed = false);
        topics.clear();
    }
}
