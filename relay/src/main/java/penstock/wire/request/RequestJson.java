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
import java.util.regex.Pattern;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Parses one request's JSON object strictly: no duplicate key, nothing after the object, at most 8 levels, numbers of
 * at most 40 digits. Numbers stay text. Used for one request.
 *
 * <p>Owned by the io thread that reads the request.
 */
final class RequestJson {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NUMBER_CHARS = 40;
    private static final int MAX_NAME_CHARS = 256;
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
     * Where an object or list is. It becomes text for an error only: a request may have ten thousand values.
     *
     * @param parent null of the root
     */
    private record Place(Place parent, String step) {
        /** The path of a field. */
        String of(final String name) {
            return (parent == null ? "" : parent.of(step)) + ClientText.step(name);
        }
    }

    private final Map<String, Object> root = new LinkedHashMap<>();

    /** The object of {@code text}: strings, {@link Number}s, Booleans, {@link Null}, Lists and Maps. */
    RequestFields read(final String text) throws RequestException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw rejection("", "a request must be a JSON object, this is " + start(parser));
            }
            readObject(parser, root, new Place(null, ""));
            if (parser.nextToken() != null) {
                throw rejection("",
                    "a frame must contain one JSON object, more data follows at character " + offset(parser));
            }
            return new RequestFields(root);
        } catch (final JsonProcessingException e) {
            final long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
            throw rejection(null, "not JSON" + (at < 0 ? "" : " at character " + at) + ": "
                + firstLine(e.getOriginalMessage()));
        } catch (final IOException e) {
            throw rejection(null, "not JSON");
        }
    }

    private void readObject(final JsonParser parser, final Map<String, Object> into, final Place place)
        throws IOException, RequestException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = parser.currentName();
            if (into.containsKey(name)) {
                throw rejection(place.of(name), "duplicate key '" + ClientText.shown(name) + "'");
            }
            parser.nextToken();
            into.put(name, readValue(parser, place, name));
        }
    }

    private Object readValue(final JsonParser parser, final Place parent, final String step)
            throws IOException, RequestException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> new Number(parser.getText(), true);
            case VALUE_NUMBER_FLOAT -> new Number(parser.getText(), false);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case START_OBJECT -> {
                final Map<String, Object> object = new LinkedHashMap<>();
                readObject(parser, object, new Place(parent, step));
                yield object;
            }
            case START_ARRAY -> {
                yield readList(parser, new Place(parent, step));
            }
            default -> Null.NULL;
        };
    }

    private List<Object> readList(final JsonParser parser, final Place place) throws IOException, RequestException {
        final List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(parser.currentToken().isStructStart() ? readValue(parser, place, Integer.toString(list.size()))
                : readValue(parser, place, null));
        }
        return list;
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
