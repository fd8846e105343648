package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.fanout.SessionDrain;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.server.RelayServer;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code POST /admin/v1/drain}: new sessions are refused and {@code /readyz} is 503 at once, so that a balancer sends
 * clients elsewhere; then the open sessions are closed evenly. {@code DELETE} undoes that for those that are left.
 * {@code GET} says how many they are.
 *
 * <p>Runs on the io threads.
 */
public final class DrainEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/drain";
    /** Its methods. */
    public static final List<HttpString> METHODS = List.of(Methods.GET, Methods.HEAD, Methods.POST, Methods.DELETE);

    private static final Logger LOG = LoggerFactory.getLogger(DrainEndpoint.class);
    private static final String OVER = "over";
    private static final String AFTER = "after";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final long USUAL_OVER_MS = 60_000;
    /** Balancers ask for the health every few seconds. */
    private static final long USUAL_AFTER_MS = 5_000;
    private static final long MAX_MS = 3_600_000;

    private final RelayServer server;
    private final IoThreadContexts contexts;

    /** Of the sessions of {@code server}. */
    public DrainEndpoint(final RelayServer server) {
        this.server = server;
        contexts = server.contexts();
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            if (exchange.getRequestMethod().equals(Methods.POST)) {
                final AdminQuery query = AdminQuery.of(exchange, List.of(OVER, AFTER));
                final long overMs = duration(query, OVER, USUAL_OVER_MS);
                final long afterMs = duration(query, AFTER, USUAL_AFTER_MS);
                server.drain(true);
                change(exchange, drain -> drain.move(afterMs, overMs), 202);
                LOG.info("the operator drains the relay: sessions leave within {} ms, the first one in {} ms", overMs,
                    afterMs);
            } else {
                AdminQuery.of(exchange, List.of());
                if (exchange.getRequestMethod().equals(Methods.DELETE)) {
                    server.drain(false);
                    change(exchange, SessionDrain::undo, 200);
                    LOG.info("the operator ends the drain: sessions that are left stay, and new ones may begin");
                } else {
                    change(exchange, drain -> { }, 200);
                }
            }
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void change(final HttpServerExchange exchange, final Consumer<SessionDrain> change, final int status) {
        ShardGathering.begin(exchange, contexts, shard -> {
            change.accept(shard.drain());
            return new SessionAction(shard, session -> true);
        }, answer -> HttpResponse.json(answer.exchange(), status, new MessageBuffer(64).put("{\"draining\":")
            .put(server.isDraining() ? "true" : "false").put(",\"open\":").put(SessionAction.sum(answer)).put('}')));
    }

    private static long duration(final AdminQuery query, final String name, final long usualMs)
            throws RequestException {
        final String text = query.text(name);
        if (text == null) {
            return usualMs;
        }
        final Matcher matcher = DURATION.matcher(text);
        final long ms = !matcher.matches() ? -1 : Long.parseLong(matcher.group(1))
            * (matcher.group(2).equals("ms") ? 1 : matcher.group(2).equals("s") ? 1_000 : 60_000);
        if (ms < 0 || ms > MAX_MS) {
            throw AdminQuery.bad(name, "is a duration of at most an hour, like 500ms, 60s or 10m");
        }
        return ms;
    }
}
