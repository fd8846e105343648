package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.SocketAddress;
import penstock.identity.Identity;
import penstock.server.auth.ClientAccess;
import penstock.server.edge.ClientAddress;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Refuses requests whose client is unknown. Stateless.
 *
 * <p>Runs on the io threads.
 */
public final class ClientCheck {
    private static final long FULL_RETRY_MS = 5_000;
    /** Of the budget of the client's address. With the default, an address has 40 wrong tokens a second. */
    private static final double WRONG_TOKEN_UNITS = 5_000;

    /** Finds out who a client is. */
    interface Verification {
        /** The client; null if it shows nothing. */
        Identity run() throws RequestException;
    }

    private ClientCheck() {
    }

    /** The client of a request that opens no session; null if it is unknown, and 401 was sent. */
    public static Identity identify(final HttpServerExchange exchange, final IoThreadContext context) {
        try {
            final Identity identity = verify(context, ClientAddress.of(exchange),
                () -> context.access().identify(exchange, false));
            if (identity != null) {
                return identity;
            }
            refuse(exchange, context, ClientAccess.required());
        } catch (final RequestException refusal) {
            refuse(exchange, context, refusal);
        }
        return null;
    }

    /**
     * Whether a session may be opened: its client is known, or may show who it is in a message. Otherwise an error
     * response was sent.
     */
    static boolean mayOpen(final HttpServerExchange exchange, final IoThreadContext context,
            final boolean takesAuthMessage) {
        try {
            final Identity identity = verify(context, ClientAddress.of(exchange),
                () -> context.access().identify(exchange, true));
            if (identity != null) {
                exchange.putAttachment(ClientAccess.IDENTITY, identity);
                return true;
            }
            return takesAuthMessage || refuse(exchange, context, ClientAccess.required());
        } catch (final RequestException refusal) {
            return refuse(exchange, context, refusal);
        }
    }

    /** Takes one of the sessions of the client until the connection closes; false if 429 was sent. */
    static boolean takeSession(final HttpServerExchange exchange, final IoThreadContext context) {
        final Identity identity = exchange.getAttachment(ClientAccess.IDENTITY);
        if (identity == null) {
            return true;
        }
        final Runnable giveBack = context.access().takeSession(identity);
        if (giveBack == null) {
            context.count(Counter.SESSIONS_OVER_LIMIT);
            return SessionEndpoint.reject(exchange, ErrorCode.RATE_LIMITED.status(), "too_many_sessions",
                tooMany(identity), FULL_RETRY_MS);
        }
        exchange.getConnection().addCloseListener(closed -> giveBack.run());
        return true;
    }

    /** What a client is answered that has too many sessions. */
    static String tooMany(final Identity identity) {
        return "you have " + identity.principal().maxSessions() + " sessions, and may have no more: close one first";
    }

    /**
     * Verifies what a client shows. It takes CPU to find out that a token is wrong, so the budget of its address pays
     * for wrong ones, and nothing is verified while the budget is spent.
     */
    static Identity verify(final IoThreadContext context, final SocketAddress client, final Verification verification)
            throws RequestException {
        if (!context.access().isOn()) {
            return verification.run();
        }
        context.checkWork(client, WRONG_TOKEN_UNITS, null);
        final Identity identity = verification.run();
        context.giveBackWork(client, WRONG_TOKEN_UNITS);
        return identity;
    }

    /** Counts a refusal. */
    static void count(final Counters counters, final RequestException refusal) {
        switch (refusal.code()) {
            case AUTH_REQUIRED -> counters.increment(Counter.AUTH_MISSING);
            case TOKEN_EXPIRED -> counters.increment(Counter.TOKENS_EXPIRED);
            case TOKEN_INVALID -> counters.increment(Counter.TOKENS_INVALID);
            default -> { }
        }
    }

    private static boolean refuse(final HttpServerExchange exchange, final IoThreadContext context,
            final RequestException refusal) {
        count(context.counters(), refusal);
        if (refusal.code().status() == 401) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        SessionEndpoint.reject(exchange, refusal);
        return false;
    }
}
