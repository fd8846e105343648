package penstock.server.admin;

import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import penstock.fanout.harm.HarmOrder;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code GET /admin/v1/sessions}: the sessions that are served worst. {@code GET /admin/v1/sessions/NAME}: one of them.
 *
 * <p>Runs on the io threads.
 */
public final class SessionsEndpoint {
    /** The path of the list; that of one session is a step below. */
    public static final String PATH = "/admin/v1/sessions";

    private static final String SORT = "sort";
    private static final String LIMIT = "limit";
    private static final int USUAL = 20;
    /** Some 200 KiB of text. */
    private static final int MAX = 500;

    private final IoThreadContexts contexts;

    /** Of the shards of {@code contexts}. */
    public SessionsEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    /** Sends the list. */
    public void list(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, SessionFilter.and(SORT, LIMIT));
            final SessionFilter filter = SessionFilter.of(query);
            final HarmOrder order = query.choice(SORT, HarmOrder.LATE, HarmOrder.values(), HarmOrder::text);
            final int limit = (int) query.number(LIMIT, USUAL, 1, MAX);
            ShardGathering.begin(exchange, contexts, shard -> new SessionSearch(shard, filter, order, limit),
                answer -> send(answer, order, limit));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    /** Sends all about one. */
    public void one(final HttpServerExchange exchange) {
        final String name = exchange.getRequestPath().substring(PATH.length() + 1);
        try {
            AdminQuery.of(exchange, List.of());
            ShardGathering.begin(exchange, contexts, shard -> new SessionDetails(shard, name),
                answer -> answer.shards().stream().map(SessionDetails::text).filter(Objects::nonNull).findFirst()
                    .ifPresentOrElse(text -> HttpResponse.json(answer.exchange(), 200, text),
                        () -> HttpResponse.error(answer.exchange(), 404, "unknown_session",
                            "no session of that name is open; /admin/v1/ended has those that ended last")));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private static void send(final ShardGathering.Answer<SessionSearch> answer, final HarmOrder order,
            final int limit) {
        final List<SessionSearch.Row> rows = new ArrayList<>();
        answer.shards().forEach(shard -> rows.addAll(shard.rows()));
        rows.sort(SessionSearch.Row.WORST_FIRST);
        final MessageBuffer body = new MessageBuffer(64 + 512 * Math.min(limit, rows.size()));
        body.put("{\"open\":").put(answer.shards().stream().mapToLong(SessionSearch::count).sum());
        body.put(",\"matched\":").put(answer.shards().stream().mapToLong(SessionSearch::matched).sum());
        body.put(",\"sort\":").putString(order.text()).put(",\"sessions\":[");
        for (int i = 0; i < rows.size() && i < limit; i++) {
            body.put(i == 0 ? "" : ",").put(rows.get(i).json());
        }
        HttpResponse.json(answer.exchange(), 200, body.put("]}"));
    }
}
