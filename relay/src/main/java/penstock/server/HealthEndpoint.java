package penstock.server;

import io.undertow.server.HttpServerExchange;
import penstock.fanout.Shard;
import penstock.topic.FeedStatus;
import penstock.wire.MessageBuffer;

/**
 * {@code /healthz}: the process responds. {@code /readyz}: whether it has live data for new subscribers, and if not,
 * why.
 *
 * <p>Runs on the io threads.
 */
final class HealthEndpoint {
    private final IoThreadContexts contexts;

    HealthEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    void alive(final HttpServerExchange exchange) {
        HttpResponse.text(exchange, 200, "ok\n");
    }

    void ready(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        final Shard shard = context.shard();
        final String reason = reason(shard, context.admission().isDraining());
        final MessageBuffer body = new MessageBuffer(128);
        body.put("{\"ready\":").put(reason == null ? "true" : "false");
        if (reason != null) {
            body.put(",\"reason\":").putString(reason);
        }
        body.put(",\"feed\":").putString(shard.topics().firstFeed().status().spelling()).put(",\"p\":")
            .put(shard.topics().position()).put('}');
        HttpResponse.json(exchange, reason == null ? 200 : 503, body);
    }

    /** Why new subscribers have no live data; null if they have. */
    private static String reason(final Shard shard, final boolean isServerDraining) {
        if (isServerDraining || shard.isDraining()) {
            return "draining";
        }
        if (shard.topics().firstFeed().isReady()) {
            return null;
        }
        final FeedStatus feed = shard.topics().firstFeed().status();
        final boolean isLive = "live".equals(feed.spelling());
        return isLive ? "no_data_yet" : feed.reason() == null ? "feed_" + feed.spelling() : feed.reason();
    }
}
