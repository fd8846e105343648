package penstock.server;

import io.undertow.server.HttpServerExchange;
import penstock.fanout.Shard;
import penstock.topic.FeedStatus;
import penstock.wire.MessageBuffer;

/**
 * {@code /healthz}: the process answers. {@code /readyz}: it has live data for new subscribers, or says why not. Runs
 * on the io threads.
 */
final class HealthEndpoint {
    private final SessionAdmission lobby;

    HealthEndpoint(final SessionAdmission lobby) {
        this.lobby = lobby;
    }

    void alive(final HttpServerExchange exchange) {
        HttpResponse.text(exchange, 200, "ok\n");
    }

    void ready(final HttpServerExchange exchange) {
        final Shard shard = lobby.reception(exchange).shard();
        final String reason = reason(shard);
        final MessageBuffer body = new MessageBuffer(128);
        body.put("{\"ready\":").put(reason == null ? "true" : "false");
        if (reason != null) {
            body.put(",\"reason\":").putString(reason);
        }
        body.put(",\"feed\":").putString(shard.topics().feed().spelling()).put(",\"p\":")
            .put(shard.topics().position()).put('}');
        HttpResponse.json(exchange, reason == null ? 200 : 503, body);
    }

    private String reason(final Shard shard) {
        if (lobby.isDraining() || shard.isDraining()) {
            return "draining";
        }
        if (shard.isReady()) {
            return null;
        }
        final FeedStatus feed = shard.topics().feed();
        final boolean isLive = "live".equals(feed.spelling());
        return isLive ? "no_data_yet" : feed.reason() == null ? "feed_" + feed.spelling() : feed.reason();
    }
}
