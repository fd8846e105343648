package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import penstock.changes.Change;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.server.HttpResponse;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code GET /admin/v1/changes}: what changed last, the newest first: states of feeds, lost connections, sessions that
 * ended by a fault, what the operator did.
 *
 * <p>Runs on the io threads.
 */
public final class ChangesEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/changes";

    private static final String KIND = "kind";
    private static final String LIMIT = "limit";
    private static final int USUAL = 100;
    private static final long US_PER_MS = 1_000;

    private final ChangeLog changes;

    /** Of the changes that {@code changes} keeps. */
    public ChangesEndpoint(final ChangeLog changes) {
        this.changes = changes;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, List.of(KIND, LIMIT));
            final ChangeKind kind = query.choice(KIND, null, ChangeKind.values(), ChangeKind::text);
            final List<Change> found =
                changes.read(kind, (int) query.number(LIMIT, USUAL, 1, ChangeLog.KEPT));
            final MessageBuffer body = new MessageBuffer(64 + 160 * found.size());
            body.put("{\"newest\":").put(changes.newest()).put(",\"changes\":[");
            for (int i = 0; i < found.size(); i++) {
                write(body.put(i == 0 ? "" : ","), found.get(i));
            }
            HttpResponse.json(exchange, 200, body.put("]}"));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private static void write(final MessageBuffer body, final Change each) {
        body.put("{\"number\":").put(each.number()).put(",\"at\":").put(each.atMs() * US_PER_MS);
        body.put(",\"last\":").put(each.lastMs() * US_PER_MS).put(",\"count\":").put(each.count());
        body.put(",\"kind\":").putString(each.kind().text());
        if (each.subject() != null) {
            body.put(",\"subject\":").putString(each.subject());
        }
        body.put(",\"text\":").putString(each.text()).put('}');
    }
}
