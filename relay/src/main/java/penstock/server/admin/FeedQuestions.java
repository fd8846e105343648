package penstock.server.admin;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import penstock.feed.report.FeedReport;
import penstock.server.IoThreadContext;

/** Asks the feed thread about the feeds, and does not wait for it for more than a second. Any io thread. */
public final class FeedQuestions {
    private static final long WITHIN_MS = 1_000;

    private final Supplier<List<Supplier<CompletableFuture<FeedReport>>>> feeds;

    /** Of {@code feeds} as they are at the question, in the order of their numbers. */
    public FeedQuestions(final Supplier<List<Supplier<CompletableFuture<FeedReport>>>> feeds) {
        this.feeds = feeds;
    }

    /**
     * Asks about all feeds.
     *
     * @param context of the exchange's io thread, where {@code whenAnswered} is called with the reports in the order
     *                of the feeds; a report is null if the feed thread did not answer in time,
     *                or the feed has no connections
     */
    void ask(final HttpServerExchange exchange, final IoThreadContext context,
            final BiConsumer<HttpServerExchange, List<FeedReport>> whenAnswered) {
        exchange.dispatch(exchange.getIoThread(), () -> {
            final List<CompletableFuture<FeedReport>> asked = new ArrayList<>();
            feeds.get().forEach(feed ->
                asked.add(feed.get().completeOnTimeout(null, WITHIN_MS, TimeUnit.MILLISECONDS)));
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).whenComplete((done, failure) ->
                context.execute(() -> Connectors.executeRootHandler(later -> {
                    final List<FeedReport> reports = new ArrayList<>();
                    asked.forEach(each -> reports.add(each.getNow(null)));
                    whenAnswered.accept(later, reports);
                }, exchange)));
        });
    }
}
