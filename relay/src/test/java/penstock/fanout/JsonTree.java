package penstock.fanout;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON as maps, lists and texts; numbers digit for digit, strings with their quotes, so that neither is taken for the
 * other.
 */
final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {
    }

    static Object parse(final String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            return value(parser);
        } catch (final IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static Map<?, ?> object(final Object value) {
        return (Map<?, ?>) value;
    }

    static List<?> list(final Object value) {
        return (List<?>) value;
    }

    /** A number or string without quotes. */
    static String bare(final Object value) {
        final String text = (String) value;
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
    }

    private static Object value(final JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                final Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    final String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                final List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> '"' + parser.getText() + '"';
            default -> parser.getText();
        };
    }
}
