package penstock.venue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A message as jackson-core reads it: maps, lists, and the text of everything else. */
public final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Object value;

    private JsonTree(final Object value) {
        this.value = value;
    }

    public static JsonTree of(final byte[] message) {
        try (JsonParser parser = FACTORY.createParser(message)) {
            parser.nextToken();
            return new JsonTree(read(parser));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is there; a tree of nothing if it is not. A negative number counts from the end. */
    JsonTree at(final Object... path) {
        Object at = value;
        for (final Object step : path) {
            if (at instanceof Map<?, ?> map && step instanceof String) {
                at = map.get(step);
            } else if (at instanceof List<?> list && step instanceof Integer index) {
                final int i = index < 0 ? list.size() + index : index;
                at = i >= 0 && i < list.size() ? list.get(i) : null;
            } else {
                at = null;
            }
        }
        return new JsonTree(at);
    }

    public String text(final Object... path) {
        final Object at = at(path).value;
        return at instanceof String ? (String) at : "";
    }

    long number(final Object... path) {
        return Long.parseLong(text(path));
    }

    boolean has(final Object... path) {
        return at(path).value != null;
    }

    boolean isList() {
        return value instanceof List<?>;
    }

    List<JsonTree> list(final Object... path) {
        return at(path).value instanceof List<?> list ? list.stream().map(each -> new JsonTree(each)).toList()
            : List.of();
    }

    private static Object read(final JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            final Map<String, Object> map = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String key = parser.currentName();
                parser.nextToken();
                map.put(key, read(parser));
            }
            return map;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            final List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(read(parser));
            }
            return list;
        }
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
    }
}
