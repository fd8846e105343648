package penstock.tap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Parses protocol messages. Values stay the text of the message: they are sliced by position and never re-encoded.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapMessages {
    private static final JsonFactory JSON = new JsonFactory();

    private TapMessages() {
    }

    /** The fields of one object, as {@link #fields(char[], int, int)} has them. */
    static Map<String, String> fields(final String object) throws IOException {
        return fields(object.toCharArray(), 0, object.length());
    }

    /** The fields of one object in their order: strings as their content, everything else as its JSON text. */
    static Map<String, String> fields(final char[] text, final int offset, final int length) throws IOException {
        final Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(text, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String name = parser.currentName();
                final JsonToken token = parser.nextToken();
                fields.put(name, token.isStructStart() ? structure(parser, text, offset) : parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON object");
            }
        }
        return fields;
    }

    /** The members of an object in their order, each as its JSON text; null if the text is not an object. */
    static Map<String, String> members(final String object) throws IOException {
        final char[] text = object.toCharArray();
        final Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                final String name = parser.currentName();
                parser.nextToken();
                members.put(name, structure(parser, text, 0));
            }
        }
        return members;
    }

    /** The elements of an array in their order, each as its JSON text. */
    static List<String> elements(final String array) throws IOException {
        final char[] text = array.toCharArray();
        final List<String> elements = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("not an array");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(structure(parser, text, 0));
            }
        }
        return elements;
    }

    /** Calls {@code consumer} with symbol and fields of each entry of a {@code data} array. */
    static void entries(final String data, final BiConsumer<String, Map<String, String>> consumer) throws IOException {
        final char[] text = data.toCharArray();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("data is not an array");
            }
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                final int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                final int end = (int) parser.currentLocation().getCharOffset();
                final Map<String, String> fields = fields(text, start, end - start);
                consumer.accept(fields.getOrDefault("s", "?"), fields);
            }
        }
    }

    /** The strings of an array. */
    static List<String> texts(final String array) throws IOException {
        final List<String> texts = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(array)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IOException("not an array");
            }
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
                texts.add(parser.getText());
            }
        }
        return texts;
    }

    /** The text of the value at which the parser is. */
    private static String structure(final JsonParser parser, final char[] text, final int offset) throws IOException {
        if (parser.currentToken().isNumeric()) {
            return parser.getText(); // the parser has read one character beyond a number
        }
        final int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.finishToken();
        parser.skipChildren();
        final int end = (int) parser.currentLocation().getCharOffset();
        return new String(text, offset + start, end - start);
    }
}
