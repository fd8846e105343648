package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.audit.Termination;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.text.PrintableText;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;
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
    private static final String REASON = "closed by the operator";
    private static final int MAX_LOGGED_CHARS = 256;
    private static final long RETURN_AFTER_MS = 100;
    /** Many that are closed together do not return together. */
    private static final long RETURN_EVERY_MS = 2;

    private final IoThreadContexts contexts;
    private final ChangeLog changes;

    /** Of the sessions of {@code contexts}. */
    public KickEndpoint(final IoThreadContexts contexts, final ChangeLog changes) {
        this.contexts = contexts;
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
            ShardGathering.begin(exchange, contexts, shard -> kick(shard, filter, mayReturn), answer -> {
                final int count = SessionAction.sum(answer);
                LOG.info("the operator closed {} sessions: {}", count, asked);
                if (count > 0) {
                    changes.add(ChangeKind.OPERATOR, null, "sessions closed: " + asked, count);
                }
                HttpResponse.json(answer.exchange(), 200,
                    new MessageBuffer(32).put("{\"closed\":").put(count).put('}'));
            });
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private static SessionAction kick(final Shard shard, final SessionFilter filter, final boolean mayReturn) {
        final long[] returnAfterMs = {RETURN_AFTER_MS};
        return new SessionAction(shard, session -> {
            if (!filter.matches(session.inspected())) {
                return false;
            }
            close(session, mayReturn, returnAfterMs[0]);
            returnAfterMs[0] += RETURN_EVERY_MS;
            return true;
        });
    }

    private static void close(final Session session, final boolean mayReturn, final long returnAfterMs) {
        if (mayReturn) {
            session.close(Termination.KICKED, CloseStatus.DRAINING.code(), "retryAfter=" + returnAfterMs);
        } else {
            session.close(Termination.KICKED, CloseStatus.FORBIDDEN.code(), REASON);
        }
    }
}
