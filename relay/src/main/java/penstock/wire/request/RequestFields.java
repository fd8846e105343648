package penstock.wire.request;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import penstock.text.PrintableText;
import penstock.text.Suggestion;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * The fields of one request, read by type. An invalid value is rejected with its path and the expected value.
 *
 * <p>Owned by the io thread that reads the request.
 */
final class RequestFields {
    private static final int MAX_ID_CHARS = 64;
    private static final int MAX_INTEGER_CHARS = 10;
    /** Any number of 18 digits fits a long. */
    private static final int MAX_LONG_CHARS = 18;
    /** The largest integer that every client can represent exactly. */
    private static final long MAX_EXACT = (1L << 53) - 1;
    private static final int MAX_NAMES = 100;
    private static final int MAX_NAME_CHARS = 128;
    /** Each takes a tenth of a microsecond; in a process that has just started, a hundred times that. */
    private static final int SYMBOLS_PER_CHECK = 16;
    private static final List<String> RESUME = List.of("epoch", "p", "symbols");

    private final Map<String, Object> values;
    /** By list, not by what is in it. */
    private final Map<List<?>, SymbolList.Builder> prepared = new IdentityHashMap<>();
    private String id;

    RequestFields(final Map<String, Object> values) {
        this.values = values;
    }

    /** The JSON text of an id; null if it is not a valid id. */
    static String idText(final Object id) {
        if (id instanceof RequestJson.Number number) {
            return number.isInteger() ? number.text() : null;
        }
        if (id instanceof String text && text.length() <= MAX_ID_CHARS && PrintableText.firstUnprintable(text) < 0) {
            return new MessageBuffer(text.length() + 2).putString(text).toString();
        }
        return null;
    }

    /** Reads the request's id first, so that every later rejection echoes it. */
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

    /** As it was read; null if it is missing. */
    Object value(final String name) {
        return values.get(name);
    }

    boolean has(final String name) {
        return values.containsKey(name);
    }

    /** Rejects fields that {@code op} does not have. */
    void rejectUnknown(final String op, final Collection<String> known) throws RequestException {
        for (final String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new RequestException(ErrorCode.UNKNOWN_FIELD, ClientText.step(name),
                    op + " has no '" + ClientText.shown(name) + "'; " + Suggestion.remedy(name, known), id);
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
            final int bad = PrintableText.firstUnprintable(text);
            if (text.isEmpty() || text.length() > maxChars) {
                throw rejection(ErrorCode.BAD_FIELD, name, name + " must be " + expected + ", got " + text.length()
                    + " characters");
            }
            if (bad >= 0) {
                throw rejection(ErrorCode.BAD_FIELD, name,
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

    /** Milliseconds from min to max; -1 if the field is missing. */
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
            throw rejection(ErrorCode.BAD_INTERVAL, "interval",
                "interval must be between " + minMs + " and " + maxMs + " ms, got " + number.text());
        }
        throw bad("interval", "an integer, in ms", value);
    }

    /** Symbols and patterns; an empty list if the field is missing. */
    List<SymbolPattern> symbols(final String name, final int max) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw bad(name, "an array of at least one symbol or pattern", value);
        }
        return patterns(name, list, max);
    }

    private List<SymbolPattern> patterns(final String name, final List<?> list, final int max)
            throws RequestException {
        if (list.size() > max) {
            throw rejection(ErrorCode.TOO_MANY_SYMBOLS, name, "at most " + max + " symbols and patterns, got "
                + list.size());
        }
        final SymbolList.Builder patterns = prepared.getOrDefault(list, new SymbolList.Builder());
        for (int i = patterns.size(); i < list.size(); i++) {
            if (!(list.get(i) instanceof String text)) {
                throw bad(name + "/" + i, "a string", list.get(i));
            }
            try {
                patterns.add(SymbolPattern.of(text));
            } catch (final RequestException e) {
                throw rejection(e.code(), name + "/" + i, e.getMessage());
            }
        }
        return patterns.build();
    }

    /**
     * Parses the symbols and patterns, up to the first that is none, until all is done or {@code isOver} says that time
     * is up; returns whether it is done. They are asked for later, and refused then.
     */
    boolean prepare(final int max, final BooleanSupplier isOver) {
        return prepare(values.get("symbols"), SymbolList.Builder::new, max, isOver)
            && (!(values.get("resume") instanceof Map<?, ?> members)
                || prepare(members.get("symbols"), SymbolList.Builder::ofNames, max, isOver));
    }

    private boolean prepare(final Object value, final Supplier<SymbolList.Builder> builder, final int max,
            final BooleanSupplier isOver) {
        if (!(value instanceof List<?> list) || list.size() > max) {
            return true;
        }
        final SymbolList.Builder patterns = prepared.computeIfAbsent(list, each -> builder.get());
        int parsed = 0;
        while (patterns.size() < list.size() && list.get(patterns.size()) instanceof String text) {
            if (parsed > 0 && parsed % SYMBOLS_PER_CHECK == 0 && isOver.getAsBoolean()) {
                return false;
            }
            try {
                patterns.add(SymbolPattern.of(text));
            } catch (final RequestException e) {
                // the decoder asks for the list in its turn, and refuses it there
                return true;
            }
            parsed++;
        }
        return true;
    }

    /** A limit from min to max; 0 for {@code null}, which means none; -1 if the field is missing. */
    long limit(final String name, final long min, final long max) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return -1;
        }
        return value == RequestJson.Null.NULL ? 0 : integer(name, value, min, max, ", or null for none");
    }

    /** Names, each once; an empty list for {@code null}, which means all; null if the field is missing. */
    List<String> names(final String name) throws RequestException {
        final Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value == RequestJson.Null.NULL) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw bad(name, "an array of at least one name, or null for all", value);
        }
        if (list.size() > MAX_NAMES) {
            throw rejection(ErrorCode.BAD_FIELD, name, name + " must be at most " + MAX_NAMES + " names, got "
                + list.size());
        }
        final Set<String> names = new LinkedHashSet<>();
        for (final Object each : list) {
            final String place = name + "/" + names.size();
            if (!(each instanceof String text) || text.isEmpty() || text.length() > MAX_NAME_CHARS
                    || PrintableText.firstUnprintable(text) >= 0) {
                throw bad(place, "a name of 1 to " + MAX_NAME_CHARS + " characters, none of them a control character",
                    each);
            }
            if (!names.add(text)) {
                throw rejection(ErrorCode.BAD_FIELD, place, "'" + ClientText.shown(text)
                    + "' appears twice: name each field once");
            }
        }
        return List.copyOf(names);
    }

    /** The position to resume at, for at most {@code maxSymbols}; null if the field is missing. */
    Resume resume(final int maxSymbols) throws RequestException {
        final Object value = values.get("resume");
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> members)) {
            throw bad("resume", "an object of epoch and p, and of symbols if there is need", value);
        }
        for (final Object member : members.keySet()) {
            if (!RESUME.contains(member)) {
                throw rejection(ErrorCode.UNKNOWN_FIELD, "resume" + ClientText.step((String) member),
                    "resume has no '" + ClientText.shown((String) member) + "': its fields are epoch, p and symbols");
            }
        }
        final long epoch = exact(members, "epoch");
        final long p = exact(members, "p");
        final Object symbols = members.get("symbols");
        if (symbols == null) {
            return new Resume(epoch, p);
        }
        if (!(symbols instanceof List<?> list)) {
            throw bad("resume/symbols", "an array of the symbols and patterns that you have values of", symbols);
        }
        return Resume.of(epoch, p, patterns("resume/symbols", list, maxSymbols));
    }

    private long exact(final Map<?, ?> members, final String name) throws RequestException {
        final Object value = members.get(name);
        if (value == null) {
            throw rejection(ErrorCode.BAD_FIELD, "resume/" + name,
                "resume/" + name + " is missing: send epoch and p of the last frame received");
        }
        return integer("resume/" + name, value, 0, MAX_EXACT, "");
    }

    private long integer(final String name, final Object value, final long min, final long max, final String orElse)
        throws RequestException {
        if (value instanceof RequestJson.Number number && number.isInteger()
                && number.text().length() <= MAX_LONG_CHARS) {
            final long integer = Long.parseLong(number.text());
            if (integer >= min && integer <= max) {
                return integer;
            }
        }
        throw bad(name, "an integer from " + min + " to " + max + orElse, value);
    }

    RequestException bad(final String name, final String expected, final Object got) {
        return rejection(ErrorCode.BAD_FIELD, name, name + " must be " + expected + ", got " + describe(got));
    }

    RequestException rejection(final ErrorCode code, final String name, final String message) {
        return new RequestException(code, "/" + name, message, id);
    }

    private static String describe(final Object value) {
        if (value instanceof String text) {
            return '"' + ClientText.shown(text) + '"';
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
