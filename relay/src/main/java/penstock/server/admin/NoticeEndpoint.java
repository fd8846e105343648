package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.harm.InspectedSession;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.text.PrintableText;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;

/**
 * {@code POST /admin/v1/notice}: sends a sentence of the operator to all sessions, or to those of a product, of a
 * client, of addresses or of a channel.
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
    /** Ends a stream of server-sent events, see {@code ControlMessages}. */
    private static final String END = "closed: ";
    /** A session that reads nothing holds some of them at most, until its replies are over their limit. */
    private static final int MAX_CHARS = 1_000;

    private final IoThreadContexts contexts;
    private final ChangeLog changes;

    /** To the sessions of {@code contexts}. */
    public NoticeEndpoint(final IoThreadContexts contexts, final ChangeLog changes) {
        this.contexts = contexts;
        this.changes = changes;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, SessionFilter.and(TEXT, LEVEL, PRODUCT));
            final SessionFilter filter = SessionFilter.of(query);
            final String text = query.text(TEXT);
            if (text == null || text.length() > MAX_CHARS || PrintableText.firstUnprintable(text) >= 0) {
                throw AdminQuery.bad(TEXT, "is what clients are to read: 1 to " + MAX_CHARS
                    + " characters, none of them a control character");
            }
            if (text.startsWith(END)) {
                throw AdminQuery.bad(TEXT, "does not begin with '" + END + "', which ends a stream of server-sent "
                    + "events");
            }
            final String level = query.choice(LEVEL, LEVELS[0], LEVELS, each -> each);
            final String product = query.text(PRODUCT);
            ShardGathering.begin(exchange, contexts, shard -> tell(shard, filter, product, level, text), answer -> {
                final int count = SessionAction.sum(answer);
                LOG.info("the operator sent a notice to {} sessions: {}", count, text);
                if (count > 0) {
                    changes.add(ChangeKind.OPERATOR, null, "sessions that were sent a notice: " + text, count);
                }
                HttpResponse.json(answer.exchange(), 200,
                    new MessageBuffer(32).put("{\"sent\":").put(count).put('}'));
            });
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private static SessionAction tell(final Shard shard, final SessionFilter filter, final String product,
            final String level, final String text) {
        final MessageBuffer message = new MessageBuffer(128 + 2 * text.length());
        MessageEncoder.notice(message, level, text, shard.clock().epochUs(shard.clock().nowNs()));
        return new SessionAction(shard, session -> {
            final boolean isMeant = isMeant(session, filter, product);
            if (isMeant) {
                session.send(message);
            }
            return isMeant;
        });
    }

    /** A session of raw payloads has no messages; one that reads nothing is not sent more. */
    private static boolean isMeant(final Session session, final SessionFilter filter, final String product) {
        final InspectedSession parts = session.inspected();
        return parts.profile().hasMessages() && !parts.queue().isOverLimit() && filter.matches(parts)
            && (product == null || parts.profile().access().identity().principal().products().contains(product));
    }
}
