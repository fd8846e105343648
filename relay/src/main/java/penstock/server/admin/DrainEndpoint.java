package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.fanout.Session;
import penstock.fanout.SessionDrain;
import penstock.fanout.Shard;
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
    private static final long MS_PER_S = 1_000;
    private static final String RAW = "raw";

    private final RelayServer server;
    private final IoThreadContexts contexts;
    private final ChangeLog changes;

    /** Of the sessions of {@code server}. */
    public DrainEndpoint(final RelayServer server, final ChangeLog changes) {
        this.server = server;
        this.changes = changes;
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
                changes.add(ChangeKind.OPERATOR, null, "the operator drains the relay: sessions leave within "
                    + overMs / MS_PER_S + " s");
            } else {
                AdminQuery.of(exchange, List.of());
                if (exchange.getRequestMethod().equals(Methods.DELETE)) {
                    server.drain(false);
                    change(exchange, SessionDrain::undo, 200);
                    LOG.info("the operator ends the drain: sessions that are left stay, and new ones may begin");
                    changes.add(ChangeKind.OPERATOR, null, "the operator ends the drain: the sessions left stay");
                } else {
                    change(exchange, drain -> { }, 200);
                }
            }
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void change(final HttpServerExchange exchange, final Consumer<SessionDrain> change, final int status) {
        final AtomicInteger resumable = new AtomicInteger();
        ShardGathering.begin(exchange, contexts, shard -> {
            change.accept(shard.drain());
            return look(shard, resumable);
        }, answer -> HttpResponse.json(answer.exchange(), status, new MessageBuffer(96).put("{\"draining\":")
            .put(server.isDraining() ? "true" : "false").put(",\"open\":").put(SessionAction.sum(answer))
            .put(",\"resumable\":").put(resumable.get()).put('}')));
    }

    /** Counts the sessions, and those whose clients can go on where they were on another relay. */
    private static SessionAction look(final Shard shard, final AtomicInteger resumable) {
        return new SessionAction(shard, session -> {
            if (mayResume(session)) {
                resumable.incrementAndGet();
            }
            return true;
        });
    }

    /** A raw session has no positions. */
    private static boolean mayResume(final Session session) {
        return !RAW.equals(session.inspected().record().endpoint());
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
