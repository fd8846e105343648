package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.text.PrintableText;
import penstock.wire.RequestException;

/**
 * {@code POST /admin/v1/kick}: closes one session, or those of a client, of addresses or of a channel. They may come
 * back at once, or shall not.
 *
 * <p>Runs on the io threads.
 */
public final class KickEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/kick";

    private static final Logger LOG = LoggerFactory.getLogger(KickEndpoint.class);
    private static final String RECONNECT = "reconnect";
    private static final int MAX_LOGGED_CHARS = 256;

    private final IoThreadContexts contexts;
    private final ChangeLog changes;
    private final OperatorOrders orders;

    /** Of the sessions of {@code contexts}. */
    public KickEndpoint(final IoThreadContexts contexts, final ChangeLog changes) {
        this.contexts = contexts;
        orders = new OperatorOrders(contexts);
        this.changes = changes;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, SessionFilter.and(RECONNECT));
            final SessionFilter filter = SessionFilter.of(query);
            final boolean mayReturn = query.choice(RECONNECT, true, new Boolean[] {true, false}, String::valueOf);
            if (filter.isOfAll()) {
                throw AdminQuery.bad("session", "or another one of " + String.join(", ", SessionFilter.NAMES)
                    + " says which sessions are meant; " + DrainEndpoint.PATH + " closes all");
            }
            final String asked = PrintableText.escape(exchange.getQueryString(), MAX_LOGGED_CHARS);
            ShardGathering.begin(exchange, contexts, shard -> orders.close(shard, filter, mayReturn), answer -> {
                final int count = SessionAction.sum(answer);
                final int edges = orders.pass(filter, mayReturn);
                LOG.info("the operator closed {} sessions, and has {} edges close theirs: {}", count, edges, asked);
                if (count + edges > 0) {
                    changes.add(ChangeKind.OPERATOR, null, "sessions closed: " + asked, count);
                }
                HttpResponse.json(answer.exchange(), 200,
                    SessionAction.answer("closed", count, edges));
            });
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }
}
