package penstock.server.admin;

import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.topic.Feed;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;

/**
 * {@code GET /admin/v1/feeds}: the feeds and their connections. The feed thread is asked; if it does not answer within
 * a second, the answer says what the io threads know.
 *
 * <p>Runs on the io threads.
 */
public final class FeedsEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/feeds";

    private static final long WITHIN_MS = 1_000;

    private final IoThreadContexts contexts;
    private final List<Supplier<CompletableFuture<FeedReport>>> feeds;

    /** Of {@code feeds}, in the order of their numbers. */
    public FeedsEndpoint(final IoThreadContexts contexts, final List<Supplier<CompletableFuture<FeedReport>>> feeds) {
        this.contexts = contexts;
        this.feeds = List.copyOf(feeds);
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!AdminQuery.hasNone(exchange)) {
            return;
        }
        final IoThreadContext context = contexts.of(exchange);
        exchange.dispatch(exchange.getIoThread(), () -> {
            final List<CompletableFuture<FeedReport>> asked = new ArrayList<>();
            feeds.forEach(feed -> asked.add(feed.get().completeOnTimeout(null, WITHIN_MS, TimeUnit.MILLISECONDS)));
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).whenComplete((done, failure) ->
                context.execute(() -> Connectors.executeRootHandler(
                    later -> send(later, context.shard().topics(), asked), exchange)));
        });
    }

    private static void send(final HttpServerExchange exchange, final TopicTable topics,
            final List<CompletableFuture<FeedReport>> asked) {
        final MessageBuffer body = new MessageBuffer(4_096);
        String separator = "{\"feeds\":[";
        for (final Feed feed : topics.feeds()) {
            body.put(separator).put("{\"name\":").putString(feed.name());
            body.put(",\"state\":").putString(feed.status().spelling());
            body.put(",\"since\":").put(feed.status().sinceUs());
            if (feed.status().reason() != null) {
                body.put(",\"reason\":").putString(feed.status().reason());
            }
            // merged channels are of a feed without connections
            final FeedReport report = feed.number() < asked.size() ? asked.get(feed.number()).getNow(null) : null;
            if (report != null) {
                report(body, report);
            }
            body.put('}');
            separator = ",";
        }
        HttpResponse.json(exchange, 200, body.put("]}"));
    }

    private static void report(final MessageBuffer body, final FeedReport report) {
        body.put(",\"detail\":").putString(report.detail()).put(",\"wanted\":").put(report.wanted());
        String separator = ",\"connections\":[";
        for (final ConnectionReport each : report.connections()) {
            connection(body.put(separator), each);
            separator = ",";
        }
        body.put(report.connections().isEmpty() ? ",\"connections\":[]" : "]").put(",\"rejected\":{");
        separator = "";
        for (final var each : report.rejected().entrySet()) {
            body.put(separator).putString(each.getKey()).put(':').putString(each.getValue());
            separator = ",";
        }
        body.put("},\"withoutValue\":[");
        separator = "";
        for (final String each : report.withoutValue()) {
            body.put(separator).putString(each);
            separator = ",";
        }
        body.put(']');
    }

    private static void connection(final MessageBuffer body, final ConnectionReport each) {
        body.put("{\"group\":").put(each.group()).put(",\"url\":").putString(each.url());
        body.put(",\"state\":").putString(each.state().word()).put(",\"for\":").put(each.state().forMs());
        body.put(",\"detail\":").putString(each.state().detail());
        if (each.lastLoss() != null) {
            body.put(",\"lastError\":").putString(each.lastLoss().what()).put(",\"lastErrorAgo\":")
                .put(each.lastLoss().agoMs());
        }
        body.put(",\"items\":").put(each.items()).put(",\"requests\":").put(each.requests());
        body.put(",\"moving\":").put(each.isMoving() ? "true" : "false").put('}');
    }
}
