package penstock.server.links;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.server.admin.AdminQuery;
import penstock.server.admin.ShardGathering;
import penstock.server.auth.EdgeView;
import penstock.server.auth.ReportedSession;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * {@code GET /admin/v1/edges}: the relays behind this one, how their links fare, and what sessions they report.
 *
 * <p>Runs on the io threads.
 */
public final class EdgesEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/edges";

    private static final String EDGE = "edge";
    private static final String LIMIT = "limit";
    private static final int USUAL = 100;
    /** Some 200 KiB of text. */
    private static final int MAX = 1_000;

    private final IoThreadContexts contexts;

    /** Of the edges of {@code contexts}. */
    public EdgesEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, List.of(EDGE, LIMIT));
            final String edge = query.text(EDGE);
            if (edge == null && query.text(LIMIT) != null) {
                throw AdminQuery.bad(LIMIT, "is for the sessions of one edge: name it with edge=NAME");
            }
            final int limit = (int) query.number(LIMIT, USUAL, 1, MAX);
            ShardGathering.begin(exchange, contexts, LinkFigures::new, answer -> {
                final Map<String, EdgeFigure> figures = new HashMap<>();
                answer.shards().forEach(shard -> figures.putAll(shard.figures()));
                send(answer.exchange(), edge, edge == null ? 0 : limit, figures);
            });
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void send(final HttpServerExchange exchange, final String edge, final int limit,
            final Map<String, EdgeFigure> figures) {
        final List<EdgeView> edges = contexts.edges().views().stream()
            .filter(each -> edge == null || edge.equals(each.name())).sorted(Comparator.comparing(EdgeView::name))
            .toList();
        if (edge != null && edges.isEmpty()) {
            HttpResponse.error(exchange, 404, "unknown_edge", "no edge of that name is known; " + PATH + " lists them");
            return;
        }
        final MessageBuffer body = new MessageBuffer(512);
        body.put("{\"links\":").put(contexts.edges().count()).put(",\"sessions\":")
            .put(contexts.edges().sessionCount()).put(",\"edges\":[");
        String separator = "";
        for (final EdgeView each : edges) {
            write(body.put(separator), each, limit, figures);
            separator = ",";
        }
        HttpResponse.json(exchange, 200, body.put("]}"));
    }

    private static void write(final MessageBuffer out, final EdgeView edge, final int limit,
            final Map<String, EdgeFigure> figures) {
        out.put("{\"edge\":").putString(edge.name()).put(",\"connected\":").put(String.valueOf(edge.link() != null));
        out.put(",\"address\":").putString(edge.address()).put(",\"since\":").put(edge.sinceUs());
        if (edge.link() != null) {
            out.put(",\"session\":").putString(edge.link());
            if (figures.containsKey(edge.link())) {
                figures.get(edge.link()).write(out);
            }
        }
        out.put(",\"sessions\":").put(edge.sessions().size());
        if (limit > 0) {
            out.put(",\"reported\":[");
            for (int i = 0; i < limit && i < edge.sessions().size(); i++) {
                session(out.put(i == 0 ? "" : ","), edge.sessions().get(i));
            }
            out.put(']');
        }
        out.put('}');
    }

    private static void session(final MessageBuffer out, final ReportedSession session) {
        final Request.EdgeSession each = session.reported();
        out.put("{\"session\":").putString(each.session()).put(",\"principal\":").putString(each.client())
            .put(",\"address\":").putString(each.address()).put(",\"since\":").put(each.sinceUs()).put('}');
    }
}
