package penstock.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The fields of one request, read by type; what is wrong is refused with its path and what was expected. Owned by the io thread
 * that reads.
 */
final class RequestFields {
    private static final int MAX_ID_CHARS = 64;
    private static final int MAX_INTEGER_CHARS = 10;

    private final Map<String, Object> values;
    private String id;

    RequestFields(final Map<String, Object> values) {
        this.values = values;
    }

    /** The JSON text of an id; null when it is none. */
    static String idText(final Object id) {
        if (id instanceof RequestJson.Number number) {
            return number.isInteger() ? number.text() : null;
        }
        if (id instanceof String text && text.length() <= MAX_ID_CHARS && Text.firstBad(text) < 0) {
            return new MessageBuffer(text.length() + 2).putString(text).toString();
        }
        return null;
    }

    /** Takes the request's id first: all that is refused afterwards echoes it. */
    void takeId() throws RequestException {
        final Object value = values.get("id");
        id = idText(value);
        if (value != null && id == null) {
            throw bad("id", "an integer or a string of at most 64 characters", value);
        }
    }

    String id() {
        return id;
    }

    boolean has(final String name) {
        return values.containsKey(name);
    }

    /** Refuses fields that {@code op} does not have. */
    void refuseUnknown(final String op, final Collection<String> known) throws RequestException {
        for (final String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new RequestException(ErrorCode.UNKNOWN_FIELD, Text.step(name),
                    op + " has no '" + Text.shown(name) + "'; the nearest it has is '" + Text.nearest(name, known) + "'", id);
            }
        }
    }

    String text(final String name, final String orElse, final int maxChars) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return orElse;
        }
        final String expected = "a string of 1 to " + maxChars + " characters, none of them a control character";
        if (value instanceof String text) {
            final int bad = Text.firstBad(text);
            if (text.isEmpty() || text.length() > maxChars) {
                throw refusal(ErrorCode.BAD_FIELD, name, name + " must be " + expected + ", got " + text.length() + " characters");
            }
            if (bad >= 0) {
                throw refusal(ErrorCode.BAD_FIELD, name,
                    String.format("%s must be %s, got U+%04X at %d", name, expected, (int) text.charAt(bad), bad));
            }
            return text;
        }
        throw bad(name, expected, value);
    }

    boolean flag(final String name, final boolean orElse) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return orElse;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw bad(name, "true or false", value);
    }

    /** A number of ms from min to max; -1 when it is not there. */
    int intervalMs(final int minMs, final int maxMs) throws RequestException {
        final Object value = values.get("interval");
        if (value == null) {
            return -1;
        }
        if (value instanceof RequestJson.Number number && number.isInteger()) {
            final long ms = number.text().length() > MAX_INTEGER_CHARS ? -1 : Long.parseLong(number.text());
            if (ms >= minMs && ms <= maxMs) {
                return (int) ms;
            }
            throw refusal(ErrorCode.BAD_INTERVAL, "interval",
                "interval must be between " + minMs + " and " + maxMs + " ms, got " + number.text());
        }
        throw bad("interval", "an integer, in ms", value);
    }

    /** Symbols and patterns; an empty list when there is no such field. */
    List<SymbolPattern> symbols(final String name, final int max) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw bad(name, "an array of at least one symbol or pattern", value);
        }
        if (list.size() > max) {
            throw refusal(ErrorCode.TOO_MANY_SYMBOLS, name, "at most " + max + " symbols and patterns, got " + list.size());
        }
        final List<SymbolPattern> patterns = new ArrayList<>(list.size());
        for (final Object each : list) {
            if (!(each instanceof String text)) {
                throw bad(name + "/" + patterns.size(), "a string", each);
            }
            try {
                patterns.add(SymbolPattern.of(text));
            } catch (final RequestException e) {
                throw refusal(e.code(), name + "/" + patterns.size(), e.getMessage());
            }
        }
        return List.copyOf(patterns);
    }

    RequestException bad(final String name, final String expected, final Object got) {
        return refusal(ErrorCode.BAD_FIELD, name, name + " must be " + expected + ", got " + describe(got));
    }

    RequestException refusal(final ErrorCode code, final String name, final String message) {
        return new RequestException(code, "/" + name, message, id);
    }

    private static String describe(final Object value) {
        if (value instanceof String text) {
            return '"' + Text.shown(text) + '"';
        }
        if (value instanceof RequestJson.Number number) {
            return number.text();
        }
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "an empty array" : "an array";
        }
        return value instanceof Map ? "an object" : value instanceof Boolean ? value.toString() : "null";
    }
}
