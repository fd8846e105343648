package penstock.server;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.memory.MemoryUse;
import penstock.quota.Excess;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.ClientDevice;
import penstock.server.auth.Seat;
import penstock.server.edge.ClientAddress;
import penstock.server.edge.ClientQuotas;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.usage.session.ShardUsage;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Finds out who clients are, and refuses requests whose client is unknown. What takes longer than a moment is done by
 * other threads: the request waits for it, and no io thread does. Stateless.
 *
 * <p>Runs on the io threads.
 */
public final class ClientCheck {
    /** The session that the client of an exchange has taken. */
    static final AttachmentKey<Seat> SEAT = AttachmentKey.create(Seat.class);
    /** The head of a request, or the first messages of a connection, which are kept while their client is not known. */
    static final int WAITING_BYTES = 16 * 1024;

    private static final long FULL_RETRY_MS = 5_000;
    /** What a verification may cost, of the budget of the client's address; given back if the token is right. */
    private static final double VERIFICATION_UNITS = 500;
    /** What a wrong token costs more. With the default, an address has 40 wrong tokens a second. */
    private static final double WRONG_TOKEN_UNITS = 4_500;

    /** Finds out who a client is. */
    interface Verification {
        /** The client, now or later; null if it shows nothing. Fails with a {@link RequestException} too. */
        CompletableFuture<Principal> begin() throws RequestException;
    }

    private ClientCheck() {
    }

    /** Passes the client of a request that opens no session to {@code then}; if it is unknown, 401 is sent instead. */
    public static void identify(final HttpServerExchange exchange, final IoThreadContext context,
            final BiConsumer<HttpServerExchange, Identity> then) {
        find(exchange, context, false, (later, identity) -> {
            if (identity == null) {
                refuse(later, refusal(context, ClientAccess.required()));
            } else {
                then.accept(later, identity);
            }
        }, later -> { });
    }

    /**
     * Runs {@code open} if a session may be opened: its client is known, or may show who it is in a message. Otherwise
     * an error response is sent. Runs {@code end} after either.
     */
    static void mayOpen(final HttpServerExchange exchange, final IoThreadContext context,
            final boolean takesAuthMessage, final Consumer<HttpServerExchange> open,
            final Consumer<HttpServerExchange> end) {
        find(exchange, context, true, (later, identity) -> {
            if (identity == null && !takesAuthMessage) {
                refuse(later, refusal(context, ClientAccess.required()));
            } else {
                open.accept(later);
            }
        }, end);
    }

    /** The client; null if the relay does not know it. */
    public static Identity client(final HttpServerExchange exchange) {
        return exchange.getAttachment(ClientAccess.IDENTITY);
    }

    /** Whether the client is an edge, whose session is none of a subscriber. */
    static boolean isEdge(final HttpServerExchange exchange) {
        final Identity client = client(exchange);
        return client != null && client.isEdge();
    }

    /** Counts a handshake of a client that is known; null if it may go on. */
    static ClientQuotas.Excess handshakeExcess(final HttpServerExchange exchange, final IoThreadContext context) {
        final Excess excess = context.access().onHandshake(client(exchange));
        return excess == null ? null
            : new ClientQuotas.Excess("too_many_handshakes", excess.message(), excess.retryAfterMs());
    }

    /** Takes one of the sessions of the client until the connection closes; false if 429 was sent. */
    static boolean takeSession(final HttpServerExchange exchange, final IoThreadContext context) {
        final Identity identity = exchange.getAttachment(ClientAccess.IDENTITY);
        if (identity == null) {
            return true;
        }
        final Seat seat = takeSeat(identity, context);
        if (seat == null) {
            return SessionEndpoint.reject(exchange, ErrorCode.RATE_LIMITED.status(), "too_many_sessions",
                tooMany(identity), FULL_RETRY_MS);
        }
        exchange.putAttachment(SEAT, seat);
        exchange.getConnection().addCloseListener(closed -> seat.giveBack());
        return true;
    }

    /** Takes one of the sessions of a client, and counts it if that is one too many; null if it is refused. */
    static Seat takeSeat(final Identity identity, final IoThreadContext context) {
        return context.access().takeSession(identity, excess -> {
            context.count(Counter.SESSIONS_OVER_LIMIT);
            final ShardUsage usage = context.shard().usage();
            if (usage != null) {
                usage.onExcess(identity.principal(), excess);
            }
        });
    }

    /** What a client is answered that has too many sessions. */
    static String tooMany(final Identity identity) {
        return identity.isEdge() ? "this relay has as many edges as it serves"
            : "you have " + identity.principal().maxSessions() + " sessions, and may have no more: close one first";
    }

    /**
     * Finds out who a client is, now or later, on {@code ioThread}; null if it shows nothing. It takes CPU to find out
     * that a token is wrong, so the budget of its address pays for wrong ones, and nothing is verified while the budget
     * is spent. Fails with what {@link #refusal} takes.
     *
     * @param requestId the JSON text of the request's id, or null
     */
    static CompletableFuture<Identity> identity(final IoThreadContext context, final SocketAddress client,
            final Executor ioThread, final String requestId, final Verification verification) {
        final CompletableFuture<Principal> verified;
        try {
            context.checkWork(client, VERIFICATION_UNITS, requestId);
            verified = verification.begin();
        } catch (final RequestException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        return on(ioThread, verified).whenComplete((principal, failure) -> {
            if (failure == null) {
                context.giveBackWork(client, VERIFICATION_UNITS);
            } else if (cause(failure) instanceof RequestException refused && refused.code().status() == 401) {
                context.takeWork(client, WRONG_TOKEN_UNITS);
            }
        }).thenCompose(principal -> principal == null ? CompletableFuture.completedFuture(null)
            : on(ioThread, context.access().admit(principal)));
    }

    /** Why a client is not accepted. What is no refusal is a fault of the relay, and recorded. */
    static RequestException refusal(final IoThreadContext context, final Throwable failure) {
        if (cause(failure) instanceof RequestException refused) {
            count(context.counters(), refused);
            return refused;
        }
        context.errors().record("a client could not be identified", cause(failure));
        return new RequestException(ErrorCode.INTERNAL, null, "the relay failed; see its log", null);
    }

    private static Throwable cause(final Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Passes on the result of a future that is complete; unlike a stage of it, what {@code then} throws is thrown. */
    static <T> void now(final CompletableFuture<T> complete, final BiConsumer<T, Throwable> then) {
        T result = null;
        Throwable failure = null;
        try {
            result = complete.join();
        } catch (final CompletionException e) {
            failure = e;
        }
        then.accept(result, failure);
    }

    /** What follows {@code future} runs on {@code ioThread}, at once if it is complete. */
    private static <T> CompletableFuture<T> on(final Executor ioThread, final CompletableFuture<T> future) {
        return future.isDone() ? future : future.whenCompleteAsync((result, failure) -> { }, ioThread);
    }

    private static void find(final HttpServerExchange exchange, final IoThreadContext context,
            final boolean takesTicket, final BiConsumer<HttpServerExchange, Identity> then,
            final Consumer<HttpServerExchange> end) {
        if (!context.access().isOn()) {
            go(exchange, context, Identity.ANONYMOUS, then);
            end.accept(exchange);
            return;
        }
        final CompletableFuture<Identity> identity = identity(context, ClientAddress.of(exchange),
            exchange.getIoThread(), null, () -> context.access().verify(exchange, takesTicket));
        final BiConsumer<Identity, Throwable> decide = (known, failure) -> {
            if (failure == null) {
                go(exchange, context, known, then);
            } else {
                refuse(exchange, refusal(context, failure));
            }
            end.accept(exchange);
        };
        if (identity.isDone()) {
            now(identity, decide);
        } else if (!context.memory().tryReserve(MemoryUse.PARTIAL_MESSAGES, WAITING_BYTES)) {
            decide.accept(null, AccessControl.busy(null));
        } else {
            exchange.dispatch(exchange.getIoThread(), () -> identity.whenComplete((known, failure) -> {
                context.memory().release(MemoryUse.PARTIAL_MESSAGES, WAITING_BYTES);
                resume(exchange, context, () -> decide.accept(known, failure));
            }));
        }
    }

    /** The client is known, or shows nothing. */
    private static void go(final HttpServerExchange exchange, final IoThreadContext context,
            final Identity identity, final BiConsumer<HttpServerExchange, Identity> then) {
        final Identity client;
        try {
            ClientDevice.take(exchange);
            client = context.access().withEdge(exchange, identity, ClientAddress.of(exchange));
        } catch (final RequestException wrong) {
            SessionEndpoint.reject(exchange, wrong);
            return;
        }
        if (client != null) {
            exchange.putAttachment(ClientAccess.IDENTITY, client);
        }
        then.accept(exchange, client);
    }

    /** A request goes on after its wait. */
    private static void resume(final HttpServerExchange exchange, final IoThreadContext context, final Runnable task) {
        if (!exchange.getConnection().isOpen()) {
            exchange.endExchange();
            return;
        }
        Connectors.executeRootHandler(later -> {
            try {
                task.run();
            } catch (final RuntimeException | Error e) {
                context.errors().record("an HTTP request failed", e);
                later.endExchange();
            }
        }, exchange);
    }

    /** What the client of a request that waited is by now; null if it is none any more, and 401 was sent. */
    public static Identity current(final HttpServerExchange exchange, final IoThreadContext context) {
        final Identity client = context.access().current(exchange.getAttachment(ClientAccess.IDENTITY));
        if (client == null) {
            refuse(exchange, refusal(context, AccessControl.invalid(null)));
        } else {
            exchange.putAttachment(ClientAccess.IDENTITY, client);
        }
        return client;
    }

    /** Counts a refusal. */
    private static void count(final Counters counters, final RequestException refusal) {
        switch (refusal.code()) {
            case AUTH_REQUIRED -> counters.increment(Counter.AUTH_MISSING);
            case TOKEN_EXPIRED -> counters.increment(Counter.TOKENS_EXPIRED);
            case TOKEN_INVALID -> counters.increment(Counter.TOKENS_INVALID);
            default -> { }
        }
    }

    private static void refuse(final HttpServerExchange exchange, final RequestException refusal) {
        if (refusal.code().status() == 401) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        SessionEndpoint.reject(exchange, refusal);
    }
}
