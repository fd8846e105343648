package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.stream.Stream;
import penstock.audit.EndedSession;
import penstock.audit.EndedSessions;
import penstock.audit.Termination;
import penstock.server.HttpResponse;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code GET /admin/v1/ended}: the sessions that ended last, the newest first, each with its termination code. One
 * answer looks at 1,000 of them at most, and says where the next one goes on.
 *
 * <p>Runs on the io threads.
 */
public final class EndedEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/ended";

    private static final String END = "end";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";
    private static final List<String> NAMES = List.of("session", "principal", "address", END, BEFORE, LIMIT);
    private static final int USUAL = 100;
    /** So that an answer takes a millisecond or two. */
    private static final int MAX = 500;
    private static final int MAX_LOOKED_AT = 1_000;
    private static final long US_PER_MS = 1_000;
    private static final long NS_PER_MS = 1_000_000;

    private final EndedSessions ended;

    /** Of the sessions that {@code ended} keeps. */
    public EndedEndpoint(final EndedSessions ended) {
        this.ended = ended;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, NAMES);
            final SessionFilter filter = SessionFilter.of(query);
            final Termination end = query.choice(END, null,
                Stream.of(Termination.values()).filter(Termination.ofSessions()::contains)
                    .toArray(Termination[]::new), Termination::code);
            final long newest = ended.count();
            final long before = query.number(BEFORE, newest + 1, 1, Long.MAX_VALUE);
            send(exchange, filter, end, Math.min(before, newest + 1),
                (int) query.number(LIMIT, USUAL, 1, MAX));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private void send(final HttpServerExchange exchange, final SessionFilter filter, final Termination end,
            final long before, final int limit) {
        final MessageBuffer body = new MessageBuffer(64 + 256 * limit);
        body.put("{\"ended\":").put(ended.count()).put(",\"sessions\":[");
        final long oldest = Math.max(1, ended.count() - EndedSessions.KEPT + 1);
        long number = before - 1;
        int found = 0;
        for (int looked = 0; number >= oldest && looked < MAX_LOOKED_AT && found < limit; number--, looked++) {
            final EndedSession each = ended.get(number);
            if (each != null && (end == null || each.end() == end) && filter.matches(each.session())) {
                write(body.put(found == 0 ? "" : ","), each);
                found++;
            }
        }
        body.put(']');
        if (number >= oldest) {
            body.put(",\"before\":").put(number + 1);
        }
        HttpResponse.json(exchange, 200, body.put('}'));
    }

    private static void write(final MessageBuffer body, final EndedSession each) {
        SessionJson.record(body, each.session());
        body.put(",\"end\":").putString(each.end().code()).put(",\"at\":").put(each.atMs() * US_PER_MS);
        body.put(",\"open\":").put(each.lastedNs() / NS_PER_MS).put(",\"updates\":").put(each.updates());
        body.put(",\"bytes\":").put(each.bytes()).put('}');
    }
}
