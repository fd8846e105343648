package penstock.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of jackson-core for a text: whether it is JSON, and the slice of every value by its pointer, the first of
 * equal keys. Where jackson is laxer than the grammar: it passes over a byte order mark at the start, it takes zero
 * bytes at the start for a sign of UTF-16 or UTF-32, and it stops behind the first value, so the oracle refuses or
 * reads on. Keys of {@code fromEnd} are the same pointers with every index counted from the end.
 */
final class JsonOracle {
    private static final JsonFactory FACTORY = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(JsonScanner.MAX_DEPTH)
            .maxNumberLength(Integer.MAX_VALUE).maxStringLength(Integer.MAX_VALUE).maxNameLength(Integer.MAX_VALUE)
            .build())
        .build();

    final Map<String, String> slices = new LinkedHashMap<>();
    final Map<String, String> fromEnd = new LinkedHashMap<>();
    final boolean isJson;
    private final byte[] text;

    JsonOracle(final byte[] text) {
        this.text = text;
        isJson = !startsWithMark() && !hasZeros() && isRead();
    }

    private boolean startsWithMark() {
        return text.length >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb && (text[2] & 0xff) == 0xbf;
    }

    private boolean hasZeros() {
        for (final byte b : text) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isRead() {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            final Node root = read(parser);
            final boolean isAlone = parser.nextToken() == null;
            root.collect("", slices, false);
            root.collect("", fromEnd, true);
            return isAlone;
        } catch (final IOException e) {
            return false;
        }
    }

    private Node read(final JsonParser parser) throws IOException {
        final int from = (int) parser.currentTokenLocation().getByteOffset();
        final Node node = new Node();
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String key = parser.currentName();
                parser.nextToken();
                final Node value = read(parser);
                node.members.putIfAbsent(key, value);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                node.elements.add(read(parser));
            }
        } else {
            // strings and numbers are read lazily
            parser.getText();
        }
        parser.finishToken();
        // behind a number alone jackson has read on over white space
        node.slice =
            new String(text, from, (int) parser.currentLocation().getByteOffset() - from, StandardCharsets.UTF_8)
            .trim();
        return node;
    }

    private static final class Node {
        private final Map<String, Node> members = new LinkedHashMap<>();
        private final List<Node> elements = new ArrayList<>();
        private String slice;

        void collect(final String pointer, final Map<String, String> into, final boolean isFromEnd) {
            into.put(pointer, slice);
            members.forEach((key, value) ->
                value.collect(pointer + "/" + key.replace("~", "~0").replace("/", "~1"), into, isFromEnd));
            for (int i = 0; i < elements.size(); i++) {
                elements.get(i).collect(pointer + "/" + (isFromEnd ? i - elements.size() : i), into, isFromEnd);
            }
        }
    }
}
