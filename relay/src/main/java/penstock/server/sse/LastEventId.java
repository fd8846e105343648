package penstock.server.sse;

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
 * The id of the last event that a reconnecting client has received: {@code epoch-p}. Browsers send it as a header,
 * other clients may put it into the query. The header wins, because it is newer than the address. Stateless.
 */
final class LastEventId {
    static final String PARAMETER = "lastEventId";
    private static final HttpString HEADER = new HttpString("Last-Event-ID");
    /** 18 digits fit a long. */
    private static final String FORM = "[0-9]{1,18}-[0-9]{1,18}";

    private LastEventId() {
    }

    /** The position to resume at; null if there is no id. Removes the parameter from {@code query}. */
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
                + " must be one event id of the form epoch-p: correct it or leave it out", null);
        }
        final int dash = text.indexOf('-');
        return new Resume(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
    }
}
