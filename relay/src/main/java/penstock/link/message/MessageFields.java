package penstock.link.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.text.PrintableText;

/**
 * One text message of another relay, or an object in it: its fields by name, each with the type that the reader
 * expects. Text messages are rare, so they become objects. Every mistake is a {@link BadMessageException}. Immutable.
 */
public final class MessageFields {
    private static final int MAX_DEPTH = 8;
    /** Names are neither interned nor cached: they would fill tables that all parsers share. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
        .build();

    private final String path;
    private final Map<String, Object> fields;

    private MessageFields(final String path, final Map<String, Object> fields) {
        this.path = path;
        this.fields = fields;
    }

    /** Reads a message, which is one JSON object. */
    public static MessageFields parse(final byte[] buffer, final int offset, final int length) {
        try (JsonParser parser = FACTORY.createParser(buffer, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw bad(buffer, offset, length, "no JSON object");
            }
            final Map<String, Object> root = object(parser);
            if (parser.nextToken() != null) {
                throw bad(buffer, offset, length, "more than one JSON object");
            }
            return new MessageFields("", root);
        } catch (final IOException e) {
            throw bad(buffer, offset, length, "no JSON");
        }
    }

    private static BadMessageException bad(final byte[] buffer, final int offset, final int length,
            final String what) {
        return new BadMessageException("a text message is " + what + ": "
            + PrintableText.excerpt(buffer, offset, length));
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
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                final List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            // a field of a later release; no reader here expects one
            default -> parser.getText();
        };
    }

    /** A text that must be there. */
    public String text(final String name) {
        return expect(name, String.class);
    }

    /** A text, or null if it is absent. */
    public String textOrNull(final String name) {
        return fields.containsKey(name) ? expect(name, String.class) : null;
    }

    /** Whether it is there and has that text. */
    public boolean is(final String name, final String text) {
        return text.equals(fields.get(name));
    }

    /** An integer that must be there and is not negative. */
    public long number(final String name) {
        final long number = expect(name, Long.class);
        if (number < 0) {
            throw bad(name, "is negative");
        }
        return number;
    }

    /** An integer that is not negative, or a default if it is absent. */
    public long number(final String name, final long absent) {
        return fields.containsKey(name) ? number(name) : absent;
    }

    /** Whether a flag is there and true. */
    public boolean flag(final String name) {
        return fields.containsKey(name) && expect(name, Boolean.class);
    }

    /** Whether a field is there. */
    public boolean has(final String name) {
        return fields.containsKey(name);
    }

    /** An object that must be there. */
    public MessageFields object(final String name) {
        return within(name, expect(name, Map.class));
    }

    /** A list of objects, empty if it is absent. */
    public List<MessageFields> objects(final String name) {
        final List<MessageFields> objects = new ArrayList<>();
        for (final Object each : list(name)) {
            if (!(each instanceof Map<?, ?> map)) {
                throw bad(name, "has something else than objects");
            }
            objects.add(within(name, map));
        }
        return objects;
    }

    /** A list of texts, empty if it is absent. */
    public List<String> texts(final String name) {
        final List<String> texts = new ArrayList<>();
        for (final Object each : list(name)) {
            if (!(each instanceof String text)) {
                throw bad(name, "has something else than texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** A list, empty if it is absent; its values are texts, {@code Long}s, {@code Boolean}s, lists and maps. */
    public List<?> list(final String name) {
        return fields.containsKey(name) ? expect(name, List.class) : List.of();
    }

    /** What is wrong with a field. */
    public BadMessageException bad(final String name, final String what) {
        return new BadMessageException("/" + PrintableText.excerpt(path + name) + " of a message "
            + PrintableText.excerpt(String.valueOf(fields.get("type"))) + ' ' + what);
    }

    private MessageFields within(final String name, final Map<?, ?> map) {
        final Map<String, Object> inner = new LinkedHashMap<>();
        map.forEach((key, value) -> inner.put((String) key, value));
        return new MessageFields(path + name + '/', inner);
    }

    private <T> T expect(final String name, final Class<T> type) {
        final Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw bad(name, value == null ? "is missing" : "is no " + word(type));
        }
        return type.cast(value);
    }

    private static String word(final Class<?> type) {
        return type == String.class ? "text" : type == Long.class ? "integer" : type == Boolean.class ? "flag"
            : type == List.class ? "list" : "object";
    }
}
