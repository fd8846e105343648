package penstock.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** JSON as jackson-core reads it, in plain maps and lists: the oracle of tests of our own scanner and encoders. */
public final class ParsedJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private ParsedJson() {
    }

    /** How a value that is neither object nor array is represented. */
    private interface ScalarReader {
        Object read(JsonParser parser) throws IOException;
    }

    /** Numbers digit for digit and strings in quotes, so that one is never mistaken for the other. */
    public static Object parse(final String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8),
            parser -> parser.currentToken() == JsonToken.VALUE_STRING ? '"' + parser.getText() + '"'
                : parser.getText());
    }

    /** The text of every number and string; null for null. */
    public static Object texts(final byte[] text) {
        return parse(text, parser -> parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText());
    }

    /** Whole numbers as {@code Long}, booleans as {@code Boolean}, other values as text. */
    public static Object values(final String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8), parser -> switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            default -> parser.getText();
        });
    }

    /** The entries of a snapshot (true) or an update, each as {@link #parse} reads it. */
    public static void entries(final String message, final BiConsumer<Map<?, ?>, Boolean> reader) {
        final Map<?, ?> parsed = object(parse(message));
        final boolean isSnapshot = parsed.get("type").equals("\"snapshot\"");
        list(parsed.get("data")).forEach(entry -> reader.accept(object(entry), isSnapshot));
    }

    /** Casts to an object. */
    public static Map<?, ?> object(final Object value) {
        return (Map<?, ?>) value;
    }

    /** Casts to an array. */
    public static List<?> list(final Object value) {
        return (List<?>) value;
    }

    /** A number, or a string without its quotes, of {@link #parse}. */
    public static String bare(final Object value) {
        final String text = (String) value;
        return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
    }

    private static Object parse(final byte[] text, final ScalarReader scalars) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            final Object value = value(parser, scalars);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one value: " + new String(text, StandardCharsets.UTF_8));
            }
            return value;
        } catch (final IOException e) {
            throw new UncheckedIOException(new String(text, StandardCharsets.UTF_8), e);
        }
    }

    private static Object value(final JsonParser parser, final ScalarReader scalars) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            final Map<String, Object> object = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser, scalars));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            final List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser, scalars));
            }
            return array;
        }
        return scalars.read(parser);
    }
}
