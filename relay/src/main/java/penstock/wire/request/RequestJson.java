package penstock.wire.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Parses one request's JSON object strictly: no duplicate key, nothing after the object, at most 8 levels, numbers of
 * at most 40 digits. Numbers stay text. It can be interrupted. Used for one request.
 *
 * <p>Owned by the io thread that reads the request.
 */
final class RequestJson {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NUMBER_CHARS = 40;
    private static final int MAX_NAME_CHARS = 256;
    /** Each takes a third of a microsecond; in a process that has just started, twenty times that. */
    private static final int VALUES_PER_CHECK = 16;
    /** Details of the parser's messages that are of no use to a client. */
    private static final Pattern PARSER_DETAILS = Pattern.compile(" \\(start marker.*|, from `[^`]*`");
    /** Client-supplied names are neither interned nor cached: they would fill tables that all parsers share. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH).maxNumberLength(MAX_NUMBER_CHARS).maxNameLength(MAX_NAME_CHARS).build())
        .build();

    /** A number as the client wrote it. */
    record Number(String text, boolean isInteger) {
    }

    /** JSON {@code null}, as opposed to a missing field. */
    enum Null { NULL }

    /**
     * An object or a list that is being read, and where it is. That becomes text for an error only: a request may have
     * ten thousand values.
     *
     * @param parent null of the root
     * @param object null of a list
     * @param list   null of an object
     */
    private record Level(Level parent, String step, Map<String, Object> object, List<Object> list) {
        /** The path of a field. */
        String of(final String name) {
            return (parent == null ? "" : parent.of(step)) + ClientText.step(name);
        }
    }

    private final String text;
    private final Map<String, Object> root = new LinkedHashMap<>();
    /** Null before the first value. */
    private JsonParser parser;
    /** Null before the first value, and behind the last. */
    private Level level;

    /** For the object of {@code text}. */
    RequestJson(final String text) {
        this.text = text;
    }

    /** Reads on until the object is complete or {@code isOver} says that time is up; returns whether it is complete. */
    boolean advance(final BooleanSupplier isOver) throws RequestException {
        try {
            if (parser == null) {
                begin();
            }
            int read = 0;
            while (level != null) {
                if (read > 0 && read % VALUES_PER_CHECK == 0 && isOver.getAsBoolean()) {
                    return false;
                }
                readNext();
                read++;
            }
            if (parser.nextToken() != null) {
                throw rejection("",
                    "a frame must contain one JSON object, more data follows at character " + offset(parser));
            }
            parser.close();
            return true;
        } catch (final JsonProcessingException e) {
            final long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
            throw rejection(null, "not JSON" + (at < 0 ? "" : " at character " + at) + ": "
                + firstLine(e.getOriginalMessage()));
        } catch (final IOException e) {
            throw rejection(null, "not JSON");
        }
    }

    /** The object: strings, {@link Number}s, Booleans, {@link Null}, Lists and Maps. */
    RequestFields fields() {
        return new RequestFields(root);
    }

    private void begin() throws IOException, RequestException {
        parser = FACTORY.createParser(text);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw rejection("", "a request must be a JSON object, this is " + start(parser));
        }
        level = new Level(null, "", root, null);
    }

    /** Reads a value, the beginning of one, or the end of an object or list. */
    private void readNext() throws IOException, RequestException {
        final JsonToken token = parser.nextToken();
        if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
            level = level.parent();
        } else if (level.list() != null) {
            final List<Object> list = level.list();
            list.add(value(token.isStructStart() ? Integer.toString(list.size()) : null));
        } else {
            final Map<String, Object> object = level.object();
            final String name = parser.currentName();
            if (object.containsKey(name)) {
                throw rejection(level.of(name), "duplicate key '" + ClientText.shown(name) + "'");
            }
            parser.nextToken();
            object.put(name, value(name));
        }
    }

    /** The value that begins here; what an object or list has is read next. */
    private Object value(final String step) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> new Number(parser.getText(), true);
            case VALUE_NUMBER_FLOAT -> new Number(parser.getText(), false);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case START_OBJECT -> {
                final Map<String, Object> object = new LinkedHashMap<>();
                level = new Level(level, step, object, null);
                yield object;
            }
            case START_ARRAY -> {
                final List<Object> list = new ArrayList<>();
                level = new Level(level, step, null, list);
                yield list;
            }
            default -> Null.NULL;
        };
    }

    /** Echoes the id if it was read before the error. */
    private RequestException rejection(final String path, final String message) {
        return new RequestException(ErrorCode.BAD_JSON, path, message, RequestFields.idText(root.get("id")));
    }

    private static String start(final JsonParser parser) throws IOException {
        final JsonToken token = parser.currentToken();
        return token == null ? "empty" : token == JsonToken.START_ARRAY ? "an array"
            : ClientText.shown(parser.getText());
    }

    private static long offset(final JsonParser parser) {
        return parser.currentTokenLocation().getCharOffset();
    }

    private static String firstLine(final String message) {
        final int end = message.indexOf('\n');
        final String line = PARSER_DETAILS.matcher(end < 0 ? message : message.substring(0, end)).replaceAll("");
        return line.substring(0, Math.min(160, line.length()));
    }
}
