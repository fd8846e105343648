package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import penstock.topic.Feed;
import penstock.topic.FeedStatus;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code /healthz}: the process responds. {@code /readyz}: whether it has live data for new subscribers, and if not,
 * why.
 *
 * <p>Runs on the io threads.
 */
final class HealthEndpoint {
    private final IoThreadContexts contexts;
    /** By number of the feed: the topics that the venue accepted and has never sent; not for everybody's eyes. */
    private final IntFunction<List<String>> withoutValue;

    HealthEndpoint(final IoThreadContexts contexts, final IntFunction<List<String>> withoutValue) {
        this.contexts = contexts;
        this.withoutValue = withoutValue;
    }

    void alive(final HttpServerExchange exchange) {
        HttpResponse.text(exchange, 200, "ok\n");
    }

    /** {@code isOperator}: the answer names topics, too. */
    void ready(final HttpServerExchange exchange, final boolean isOperator) {
        final IoThreadContext context = contexts.of(exchange);
        final TopicTable topics = context.shard().topics();
        final List<Feed> asked = new ArrayList<>();
        try {
            for (final String name : exchange.getQueryParameters().getOrDefault("feed", new ArrayDeque<>())) {
                asked.add(topics.feed(name, null));
            }
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
            return;
        }
        final boolean isDraining = context.admission().isDraining() || context.shard().isDraining();
        final String reason = isDraining ? "draining" : reason(topics, asked);
        final MessageBuffer body = new MessageBuffer(128);
        body.put("{\"ready\":").put(reason == null ? "true" : "false");
        if (reason != null) {
            body.put(",\"reason\":").putString(reason);
        }
        body.put(",\"feed\":").putString(topics.firstFeed().status().spelling()).put(",\"p\":")
            .put(topics.position());
        if (topics.feeds().size() > 1) {
            putFeeds(body, topics.feeds(), isOperator);
        } else {
            putWithoutValue(body, topics.firstFeed(), isOperator);
        }
        HttpResponse.json(exchange, reason == null ? 200 : 503, body.put('}'));
    }

    private void putWithoutValue(final MessageBuffer body, final Feed feed, final boolean isOperator) {
        final List<String> names = isOperator ? withoutValue.apply(feed.number()) : List.of();
        String separator = ",\"withoutValue\":[";
        for (final String name : names) {
            body.put(separator).putString(name);
            separator = ",";
        }
        if (!names.isEmpty()) {
            body.put(']');
        }
    }

    private void putFeeds(final MessageBuffer body, final List<Feed> feeds, final boolean isOperator) {
        String separator = ",\"feeds\":[";
        for (final Feed feed : feeds) {
            body.put(separator).put("{\"name\":").putString(feed.name()).put(",\"state\":")
                .putString(feed.status().spelling()).put(",\"ready\":").put(feed.isReady() ? "true" : "false");
            if (!feed.isReady()) {
                body.put(",\"reason\":").putString(reason(feed));
            }
            putWithoutValue(body, feed, isOperator);
            body.put('}');
            separator = ",";
        }
        body.put(']');
    }

    /**
     * Why new subscribers have no live data; null if they have. All of the feeds that are asked for must be ready;
     * without a question one of all, because a feed that is lost takes nothing from the others.
     */
    private static String reason(final TopicTable topics, final List<Feed> asked) {
        if (asked.isEmpty()) {
            return topics.feeds().stream().anyMatch(Feed::isReady) ? null : reason(topics.firstFeed());
        }
        return asked.stream().filter(feed -> !feed.isReady()).map(HealthEndpoint::reason).findFirst().orElse(null);
    }

    private static String reason(final Feed feed) {
        final FeedStatus status = feed.status();
        return feed.isLive() ? "no_data_yet" : status.reason() == null ? "feed_" + status.spelling() : status.reason();
    }
}
