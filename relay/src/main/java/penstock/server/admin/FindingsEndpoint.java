package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import penstock.feed.report.FeedReport;
import penstock.finding.FeedView;
import penstock.finding.FindingWatch;
import penstock.finding.LateSessions;
import penstock.finding.OperatorFinding;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContext;
import penstock.server.RelayServer;
import penstock.topic.Feed;
import penstock.wire.MessageBuffer;

/**
 * {@code GET /admin/v1/findings}: what is wrong now, the worst first, each with its cause and a remedy. Asks the feed
 * thread and every shard.
 *
 * <p>Runs on the io threads.
 */
public final class FindingsEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/findings";

    private final RelayServer server;
    private final FeedQuestions feeds;
    private final FindingWatch watch;

    /** Of {@code server}, whose {@code feeds} are those of {@code watch}. */
    public FindingsEndpoint(final RelayServer server, final FeedQuestions feeds, final FindingWatch watch) {
        this.server = server;
        this.feeds = feeds;
        this.watch = watch;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (AdminQuery.hasNone(exchange)) {
            ShardGathering.begin(exchange, server.contexts(), LatenessTask::new, this::askFeeds);
        }
    }

    private void askFeeds(final ShardGathering.Answer<LatenessTask> answer) {
        final LateSessions late = new LateSessions();
        answer.shards().forEach(shard -> late.add(shard.late()));
        final IoThreadContext context = server.contexts().of(answer.exchange());
        feeds.ask(answer.exchange(), context, (later, reports) -> send(later, context, reports, late));
    }

    private void send(final HttpServerExchange exchange, final IoThreadContext context,
            final List<FeedReport> reports, final LateSessions late) {
        final List<FeedView> views = new ArrayList<>();
        for (final Feed feed : context.shard().topics().feeds()) {
            views.add(new FeedView(feed.name(), feed.status(),
                feed.number() < reports.size() ? reports.get(feed.number()) : null));
        }
        final MessageBuffer body = new MessageBuffer(1_024).put("{\"findings\":[");
        String separator = "";
        for (final OperatorFinding each : watch.find(new FindingWatch.Answers(views, late, server.isDraining()))) {
            body.put(separator).put("{\"severity\":").putString(each.severity().text());
            body.put(",\"subject\":").putString(each.subject()).put(",\"text\":").putString(each.text());
            body.put(",\"cause\":").putString(each.cause()).put(",\"since\":").put(each.sinceUs());
            body.put(",\"remedy\":").putString(each.remedy()).put('}');
            separator = ",";
        }
        HttpResponse.json(exchange, 200, body.put("]}"));
    }
}
