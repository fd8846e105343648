package penstock.server.admin;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import penstock.server.HttpResponse;
import penstock.text.Suggestion;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * The parameters of a request of the operator. Each is known and comes once, and there is no body: a word that is
 * mistyped must not close other sessions than those that were meant. Immutable.
 */
public final class AdminQuery {
    private static final int MAX_CHARS = 4_096;

    private final Map<String, Deque<String>> parameters;

    private AdminQuery(final Map<String, Deque<String>> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads the parameters of a request.
     *
     * @param names those that it may have
     * @throws RequestException if it has others, one of them twice or without a value, or a body
     */
    public static AdminQuery of(final HttpServerExchange exchange, final List<String> names) throws RequestException {
        if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)
                || exchange.getRequestContentLength() > 0) {
            exchange.setPersistent(false);
            throw new RequestException(ErrorCode.BAD_FIELD, null, "the request has a body; everything that it says is "
                + "in the query of its address", null);
        }
        for (final Map.Entry<String, Deque<String>> each : exchange.getQueryParameters().entrySet()) {
            if (!names.contains(each.getKey())) {
                throw new RequestException(ErrorCode.UNKNOWN_FIELD, null, "no such parameter; "
                    + (names.isEmpty() ? "there is none" : Suggestion.remedy(each.getKey(), names)), null);
            }
            if (each.getValue().size() > 1 || each.getValue().getFirst().isEmpty()) {
                throw bad(each.getKey(), "comes once, with a value");
            }
            if (each.getValue().getFirst().length() > MAX_CHARS) {
                throw bad(each.getKey(), "has at most " + MAX_CHARS + " characters");
            }
        }
        return new AdminQuery(exchange.getQueryParameters());
    }

    /** Whether a request has no parameters, as it should; otherwise the error was sent. */
    static boolean hasNone(final HttpServerExchange exchange) {
        try {
            of(exchange, List.of());
            return true;
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
            return false;
        }
    }

    /** Whether it has any parameter. */
    boolean isEmpty() {
        return parameters.isEmpty();
    }

    /** A parameter; null if it is absent. */
    public String text(final String name) {
        final Deque<String> values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    /** A whole number from {@code min} to {@code max}. */
    public long number(final String name, final long usual, final long min, final long max) throws RequestException {
        final String text = text(name);
        if (text == null) {
            return usual;
        }
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) >= min && Long.parseLong(text) <= max) {
            return Long.parseLong(text);
        }
        throw bad(name, "is a whole number from " + min + " to " + max);
    }

    /** One of some constants, by its text. */
    <E> E choice(final String name, final E usual, final E[] all, final Function<E, String> textOf)
            throws RequestException {
        final String text = text(name);
        if (text == null) {
            return usual;
        }
        for (final E each : all) {
            if (textOf.apply(each).equals(text)) {
                return each;
            }
        }
        throw bad(name, "is one of " + Arrays.stream(all).map(textOf).collect(Collectors.joining(", ")));
    }

    /** A parameter is wrong: what it has to be, as the end of a sentence. */
    public static RequestException bad(final String name, final String rule) {
        return new RequestException(ErrorCode.BAD_FIELD, "/" + name, name + ' ' + rule, null);
    }
}
