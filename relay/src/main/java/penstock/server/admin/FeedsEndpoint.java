package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.feed.report.RecordingReport;
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

    private final IoThreadContexts contexts;
    private final FeedQuestions feeds;

    /** Asks with {@code feeds}. */
    public FeedsEndpoint(final IoThreadContexts contexts, final FeedQuestions feeds) {
        this.contexts = contexts;
        this.feeds = feeds;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!AdminQuery.hasNone(exchange)) {
            return;
        }
        final IoThreadContext context = contexts.of(exchange);
        feeds.ask(exchange, context, (later, reports) -> send(later, context.shard().topics(), reports));
    }

    private static void send(final HttpServerExchange exchange, final TopicTable topics,
            final List<FeedReport> reports) {
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
            final FeedReport report = feed.number() < reports.size() ? reports.get(feed.number()) : null;
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
        recording(body.put(",\"recording\":"), report.recording());
    }

    private static void recording(final MessageBuffer body, final RecordingReport each) {
        if (each == null) {
            body.put("null");
            return;
        }
        body.put("{\"dir\":").putString(each.dir());
        if (each.file() != null) {
            body.put(",\"file\":").putString(each.file());
        }
        body.put(",\"state\":").putString(each.failure() == null ? "recording" : "failing");
        if (each.failure() != null) {
            body.put(",\"reason\":").putString(each.failure());
        }
        body.put(",\"messages\":").put(each.messages()).put(",\"lost\":").put(each.lost()).put('}');
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
