package penstock.server;

import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import penstock.fanout.RequestCost;
import penstock.server.edge.ClientAddress;
import penstock.server.edge.ClientQuotas;
import penstock.server.edge.LinkName;
import penstock.identity.Identity;
import penstock.server.auth.ClientAccess;
import penstock.server.limit.SessionAdmission;
import penstock.telemetry.Counter;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ChannelName;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Base of the endpoints that open sessions: checks the request, who the client is, capacity and draining. Only GET. An
 * error response repeats nothing that the client sent.
 *
 * <p>Runs on the io thread that then owns the session, never dispatched.
 */
public abstract class SessionEndpoint implements HttpHandler {
    private static final long DRAINING_RETRY_MS = 2_000;
    private static final long NOT_READY_RETRY_MS = 1_000;
    private static final int LOOP = 508;
    private static final long FULL_RETRY_MS = 5_000;

    private final IoThreadContexts contexts;

    /** {@code contexts} of the server's io threads. */
    protected SessionEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    /** True if the request is valid for this endpoint; otherwise an error response was sent. */
    protected abstract boolean isValid(HttpServerExchange exchange);

    /** Upgrades the connection, or sends an error response if the query is wrong. */
    protected abstract void upgrade(HttpServerExchange exchange, IoThreadContext context);

    @Override
    public final void handleRequest(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        if (isValid(exchange) && isWithin(exchange, context.quotas().onHandshake(exchange))) {
            ClientCheck.mayOpen(exchange, context, takesAuthMessage(), known -> open(known, context),
                done -> countRefusal(done, context));
        } else {
            countRefusal(exchange, context);
        }
    }

    private void open(final HttpServerExchange exchange, final IoThreadContext context) {
        if (isWithin(exchange, ClientCheck.handshakeExcess(exchange, context)) && hasRoom(exchange, context)
                && (ClientCheck.isEdge(exchange) || isWithin(exchange, context.quotas().onSession(exchange)))
                && ClientCheck.takeSession(exchange, context)) {
            upgrade(exchange, context);
        }
    }

    /** Whether a client may show who it is in its first message. */
    protected boolean takesAuthMessage() {
        return false;
    }

    private static boolean isWithin(final HttpServerExchange exchange, final ClientQuotas.Excess excess) {
        return excess == null || reject(exchange, 429, excess.code(), excess.message(), excess.retryAfterMs());
    }

    private static boolean hasRoom(final HttpServerExchange exchange, final IoThreadContext context) {
        final SessionAdmission admission = context.admission();
        if (admission.isDraining() || context.shard().isDraining()) {
            return reject(exchange, ErrorCode.DRAINING.status(), ErrorCode.DRAINING.code(),
                "the relay is shutting down: reconnect in 2 s", DRAINING_RETRY_MS);
        }
        final boolean isLink = LinkName.of(exchange) != null;
        if (isLink && admission.isSelf(LinkName.of(exchange))) {
            return reject(exchange, LOOP, "loop", "this relay goes to itself: let feed.url lead towards the venue");
        }
        if (context.shard().topics().epoch() == 0 || isLink && !admission.isSource()) {
            return reject(exchange, ErrorCode.NOT_READY.status(), ErrorCode.NOT_READY.code(),
                isLink ? "the relay stands by and follows no other one: try another one of them, or again in 1 s"
                : "the relay has no connection yet to the relay in front of it: try again in 1 s", NOT_READY_RETRY_MS);
        }
        if (admission.isFull() && !ClientCheck.isEdge(exchange)) {
            return reject(exchange, 503, "too_many_sessions", "all " + admission.limits().sessions()
                + " sessions are in use: try again later, or raise server.max-sessions", FULL_RETRY_MS);
        }
        return true;
    }

    /**
     * Runs {@code open} if the session would not refuse this first request, for endpoints whose sessions cannot send
     * errors: at once, or later if it takes long to find out.
     *
     * @throws RequestException the refusal, if it is known at once
     */
    protected static void check(final HttpServerExchange exchange, final IoThreadContext context,
            final Request.Subscribe subscribe, final Runnable open) throws RequestException {
        if (context.shard().topics().channel(subscribe.channel()) == null) {
            throw unknownChannel(context.shard().topics(), subscribe.channel());
        }
        checkWork(context, exchange, subscribe);
        final Identity client = exchange.getAttachment(ClientAccess.IDENTITY);
        if (context.shard().firstRequests().isLong(subscribe)) {
            exchange.dispatch(exchange.getIoThread(), () -> context.shard().firstRequests().check(subscribe, client,
                refusal -> context.goOn(() -> Connectors.executeRootHandler(later -> {
                    if (refusal != null) {
                        reject(later, refusal);
                    } else if (hasRoom(later, context)) {
                        open.run();
                    }
                    countRefusal(later, context);
                }, exchange)),
                failure -> Connectors.executeRootHandler(later ->
                    HttpResponse.error(later, 500, "internal", "the relay failed; see its log"), exchange)));
        } else {
            context.shard().firstRequests().check(subscribe, client);
            open.run();
        }
    }

    /**
     * Takes the work of a subscription from the budget of the client's address: patterns are compared with all topics.
     *
     * @throws RequestException if the budget is spent, with the time to wait
     */
    static void checkWork(final IoThreadContext context, final HttpServerExchange exchange,
            final Request.Subscribe subscribe) throws RequestException {
        final Channel channel = context.shard().topics().channel(subscribe.channel());
        if (channel != null) {
            context.checkWork(ClientAddress.of(exchange), ClientCheck.client(exchange),
                RequestCost.price(subscribe.symbols(), channel), subscribe.id());
        }
    }

    private static void countRefusal(final HttpServerExchange exchange, final IoThreadContext context) {
        if (exchange.getStatusCode() >= 400 || exchange.getAttachment(RefusedHandshake.IS_REFUSED) != null) {
            context.count(Counter.SESSIONS_REFUSED);
        }
    }

    /** The error for an unknown feed or channel; names the feeds, or the channels of the feed. */
    public static RequestException unknownChannel(final TopicTable topics, final ChannelName asked)
            throws RequestException {
        final List<String> names =
            topics.channels(topics.feed(asked.feed(), null)).stream().map(Channel::name).toList();
        return new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel",
            "no such channel; the feed has " + String.join(", ", names), null);
    }

    /** Sends an error response; returns false. */
    protected static boolean reject(final HttpServerExchange exchange, final int status, final String code,
            final String message) {
        return reject(exchange, status, code, message, 0);
    }

    /** Sends an error response with the time to wait; returns false. A page gets a Close frame instead. */
    static boolean reject(final HttpServerExchange exchange, final int status, final String code,
            final String message, final long retryAfterMs) {
        HandshakeAudit.refused(exchange, status, code);
        if (RefusedHandshake.isOfPage(exchange)) {
            RefusedHandshake.close(exchange, status, code, message, retryAfterMs);
        } else if (retryAfterMs > 0) {
            close(exchange);
            HttpResponse.refuse(exchange, status, code, message, retryAfterMs);
        } else {
            close(exchange);
            HttpResponse.error(exchange, status, code, message);
        }
        return false;
    }

    /** Sends {@code reason} as the response. */
    protected static void reject(final HttpServerExchange exchange, final RequestException reason) {
        HandshakeAudit.refused(exchange, reason.code().status(), reason.code().code());
        if (RefusedHandshake.isOfPage(exchange)) {
            RefusedHandshake.close(exchange, reason.code().status(), reason.code().code(), reason.getMessage(),
                reason.retryAfterMs());
        } else {
            close(exchange);
            HttpResponse.error(exchange, reason);
        }
    }

    /** Bytes that follow a rejected upgrade on its connection are not a request. */
    private static void close(final HttpServerExchange exchange) {
        exchange.setPersistent(false);
    }
}
