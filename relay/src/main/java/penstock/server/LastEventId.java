package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Resume;

/**
 * The id of the last event that a client has seen, with which it comes back: {@code epoch-p}. Browsers send it as a
 * header by themselves, others may put it into the query; the header is newer than the address that it comes with.
 * Stateless.
 */
final class LastEventId {
    static final String PARAMETER = "lastEventId";
    private static final HttpString HEADER = new HttpString("Last-Event-ID");
    /** 18 digits fit a long. */
    private static final String FORM = "[0-9]{1,18}-[0-9]{1,18}";

    private LastEventId() {
    }

    /** Where the client stopped; null when it comes for the first time. Takes it out of the {@code query}. */
    static Resume take(final HttpServerExchange exchange, final Map<String, Deque<String>> query)
            throws RequestException {
        final Collection<String> parameters = query.remove(PARAMETER);
        final HeaderValues headers = exchange.getRequestHeaders().get(HEADER);
        final Collection<String> values = headers != null ? headers : parameters;
        if (values == null || values.size() == 1 && values.iterator().next().isEmpty()) {
            return null;
        }
        final String text = values.iterator().next();
        if (values.size() != 1 || !text.matches(FORM)) {
            throw new RequestException(ErrorCode.BAD_FIELD, headers != null ? null : "/" + PARAMETER,
                (headers != null ? "Last-Event-ID" : PARAMETER)
                + " must be the id of an event, epoch-p, once; or leave it out", null);
        }
        final int dash = text.indexOf('-');
        return new Resume(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }
}
