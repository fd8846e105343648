package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.wire.RequestException;

/**
 * {@code POST /admin/v1/notice}: sends a sentence of the operator to all sessions, or to those of a product, of a
 * client, of addresses or of a channel; at edges, too. At most {@value #PER_SECOND} a second.
 *
 * <p>Runs on the io threads.
 */
public final class NoticeEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/notice";

    private static final Logger LOG = LoggerFactory.getLogger(NoticeEndpoint.class);
    private static final String TEXT = "text";
    private static final String LEVEL = "level";
    private static final String PRODUCT = "product";
    private static final String[] LEVELS = {"info", "warning", "error"};
    private static final int PER_SECOND = 10;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000;

    private final IoThreadContexts contexts;
    private final ChangeLog changes;
    private final OperatorOrders orders;
    private long usedUntilNs;

    /** To the sessions of {@code contexts}. */
    public NoticeEndpoint(final IoThreadContexts contexts, final ChangeLog changes) {
        this.contexts = contexts;
        orders = new OperatorOrders(contexts);
        usedUntilNs = System.nanoTime() - NS_PER_S;
        this.changes = changes;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, SessionFilter.and(TEXT, LEVEL, PRODUCT));
            final SessionFilter filter = SessionFilter.of(query);
            final String text = query.text(TEXT);
            final String problem = OperatorOrders.problemOf(text);
            if (problem != null) {
                throw AdminQuery.bad(TEXT, problem);
            }
            final String level = query.choice(LEVEL, LEVELS[0], LEVELS, each -> each);
            final OperatorOrders.Notice notice = new OperatorOrders.Notice(filter, query.text(PRODUCT), level, text);
            final long waitMs = waitMs(System.nanoTime());
            if (waitMs > 0) {
                throw RequestException.rateLimited("more than " + PER_SECOND + " notices per second", null, waitMs);
            }
            ShardGathering.begin(exchange, contexts, shard -> orders.send(shard, notice), answer -> {
                final int count = SessionAction.sum(answer);
                final int edges = orders.pass(notice, TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
                LOG.info("the operator sent a notice to {} sessions and to {} edges: {}", count, edges, text);
                if (count + edges > 0) {
                    changes.add(ChangeKind.OPERATOR, null, "sessions that were sent a notice: " + text, count);
                }
                HttpResponse.json(answer.exchange(), 200, SessionAction.answer("sent", count, edges));
            });
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    /** Takes one; returns 0, or how many ms the next one is to wait. */
    private synchronized long waitMs(final long nowNs) {
        final long beginNs = Math.max(usedUntilNs, nowNs - NS_PER_S);
        if (beginNs + NS_PER_S / PER_SECOND > nowNs) {
            return 1 + (beginNs + NS_PER_S / PER_SECOND - nowNs) / NS_PER_MS;
        }
        usedUntilNs = beginNs + NS_PER_S / PER_SECOND;
        return 0;
    }
}
