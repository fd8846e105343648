package penstock.bench.release;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small JSON file as maps, lists, strings, doubles and booleans, with typed access. Stateless. */
final class ResultsJson {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .build();

    private ResultsJson() {
    }

    static Object read(final Path file) throws IOException {
        try (JsonParser parser = FACTORY.createParser(Files.readString(file))) {
            parser.nextToken();
            return value(parser);
        } catch (final IOException e) {
            throw new IOException(file + ": " + e.getMessage() + "; measure again, or delete it", e);
        }
    }

    /** The object in that field; empty when there is none. */
    static Map<?, ?> object(final Object parent, final String field) {
        return parent instanceof Map<?, ?> map && map.get(field) instanceof Map<?, ?> found ? found : Map.of();
    }

    /** The list in that field; empty when there is none. */
    static List<?> list(final Object parent, final String field) {
        return parent instanceof Map<?, ?> map && map.get(field) instanceof List<?> found ? found : List.of();
    }

    /** The text in that field; empty when there is none. */
    static String text(final Object parent, final String field) {
        return parent instanceof Map<?, ?> map && map.get(field) != null ? String.valueOf(map.get(field)) : "";
    }

    /** The number in that field; NaN when there is none. JMH writes an unknown number as the text "NaN". */
    static double number(final Object parent, final String field) {
        return parent instanceof Map<?, ?> map && map.get(field) instanceof Double found ? found : Double.NaN;
    }

    static double[] numbers(final Object parent, final String field) {
        return list(parent, field).stream().mapToDouble(each -> each instanceof Double found ? found : Double.NaN)
            .toArray();
    }

    static boolean isTrue(final Object parent, final String field) {
        return parent instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get(field));
    }

    private static Object value(final JsonParser parser) throws IOException {
        final JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    private static Map<String, Object> object(final JsonParser parser) throws IOException {
        final Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static List<Object> list(final JsonParser parser) throws IOException {
        final List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(parser));
        }
        return values;
    }
}
