package penstock.oracle;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import penstock.testkit.ParsedJson;

/** What the venue knows of one connection: its subscriptions, and how it answers requests. One thread. */
public final class VenueAnswer {
    private final Market market;
    private final Set<MarketTopic> subscribed = new LinkedHashSet<>();

    /** Of a connection to that venue. */
    public VenueAnswer(final Market market) {
        this.market = market;
    }

    /** Whether the connection brings the topic. */
    public boolean isSubscribed(final MarketTopic topic) {
        return subscribed.contains(topic);
    }

    /**
     * Takes a request.
     *
     * @param images receives the topics of which an image follows the answer
     */
    public String answer(final String request, final Consumer<MarketTopic> images) {
        final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(request));
        final List<MarketTopic> topics = topics(message);
        if (message.containsKey("sub")) {
            subscribed.addAll(topics);
            topics.forEach(images);
        } else {
            topics.forEach(subscribed::remove);
        }
        return "{\"ok\":true,\"id\":" + message.get("id") + "}";
    }

    private List<MarketTopic> topics(final Map<?, ?> message) {
        final List<MarketTopic> topics = new ArrayList<>();
        for (final Object each : ParsedJson.list(message.get(message.containsKey("sub") ? "sub" : "unsub"))) {
            final String[] words = ParsedJson.bare(each).split("\\.");
            final MarketTopic topic = market.topic(MarketChannel.of(words[0]), words[1]);
            if (topic != null) {
                topics.add(topic);
            }
        }
        return topics;
    }
}
