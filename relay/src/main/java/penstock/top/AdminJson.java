package penstock.top;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, whole numbers and truth values: all that the admin API answers. Stateless. */
final class AdminJson {
    private static final JsonFactory JSON = new JsonFactory();

    private AdminJson() {
    }

    /** The object of a text; {@link IOException} if it is none. */
    static Map<String, Object> object(final String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object: " + text.substring(0, Math.min(text.length(), 100)));
            }
            return object(parser);
        }
    }

    /** The objects of a member that is an array of objects; none if it is absent. */
    static List<Map<String, Object>> objects(final Map<String, Object> object, final String member) {
        final List<Map<String, Object>> objects = new ArrayList<>();
        if (object.get(member) instanceof List<?> list) {
            list.forEach(each -> objects.add(asObject(each)));
        }
        return objects;
    }

    /** A member as text; empty if it is absent. */
    static String text(final Map<String, Object> object, final String member) {
        final Object value = object.get(member);
        return value == null ? "" : value.toString();
    }

    /** A member as a number; 0 if it is absent. */
    static long number(final Map<String, Object> object, final String member) {
        return object.get(member) instanceof Number number ? number.longValue() : 0;
    }

    private static Map<String, Object> asObject(final Object value) {
        final Map<String, Object> object = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> object.put(name.toString(), member));
        }
        return object;
    }

    private static Map<String, Object> object(final JsonParser parser) throws IOException {
        final Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            final String name = parser.currentName();
            parser.nextToken();
            object.put(name, value(parser));
        }
        return object;
    }

    private static Object value(final JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                return object(parser);
            case START_ARRAY:
                final List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return parser.getNumberValue();
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            case VALUE_NULL:
                return null;
            default:
                return parser.getText();
        }
    }
}
