package penstock.tap;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.client.value.FieldTable;
import penstock.client.value.JsonWriter;
import penstock.wire.SubscriptionOptions;

/**
 * The values of a subscriber that receives changes only: fields with {@code delta}, levels of books with {@code depth}.
 * Values that arrive whole are not kept.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapTable {
    private static final String BOOK = "order-book";

    /** Class by channel, from the welcome message. */
    private final Map<String, String> classes = new HashMap<>();
    private final Map<String, FieldTable> objects = new HashMap<>();
    private final Map<String, TapBook> books = new HashMap<>();
    private boolean isBook;
    private boolean isDelta;
    private int depth;

    TapTable(final SubscriptionOptions options) {
        isDelta = Boolean.TRUE.equals(options.content().delta());
        depth = Math.max(0, options.content().depth());
    }

    /** Reads the feed of a welcome message. */
    void onFeed(final String feed) throws IOException {
        final String channels = TapMessages.members(feed).get("channels");
        for (final String channel : channels == null ? List.<String>of() : TapMessages.elements(channels)) {
            final Map<String, String> fields = TapMessages.fields(channel);
            classes.put(fields.get("name"), fields.get("class"));
        }
    }

    /** Reads the effective options of an ack. */
    void onEffective(final String effective) throws IOException {
        final Map<String, String> fields = TapMessages.fields(effective);
        isBook = BOOK.equals(classes.get(fields.get("channel")));
        isDelta = "true".equals(fields.get("delta"));
        depth = Integer.parseInt(fields.getOrDefault("depth", "0"));
    }

    /** Discards all values: the next message is a full snapshot. */
    void clear() {
        objects.clear();
        books.clear();
    }

    /** The subscriber's value after an image or an update of {@code value}, which removes fields. */
    String apply(final boolean isImage, final String symbol, final String value, final List<String> removed) {
        if (isBook) {
            return depth == 0 ? value : book(isImage, symbol, value).toString();
        }
        return isDelta ? merged(isImage, symbol, value, removed) : value;
    }

    /** The problem of a symbol's value; null if there is none. */
    String problem(final String symbol) {
        final TapBook book = books.get(symbol);
        return book == null || book.depth() <= depth ? null
            : "BOOK BROKEN " + symbol + ": " + book.depth() + " levels on a side, at most " + depth
            + " expected";
    }

    private TapBook book(final boolean isImage, final String symbol, final String value) {
        if (isImage) {
            books.remove(symbol);
        }
        final TapBook book = books.computeIfAbsent(symbol, ignored -> new TapBook());
        book.apply(value);
        return book;
    }

    private String merged(final boolean isImage, final String symbol, final String value, final List<String> removed) {
        final char[] text = value.toCharArray();
        final boolean isObject = FieldTable.isObject(text, 0, text.length);
        final FieldTable current = objects.get(symbol);
        if (!isObject || isImage || current == null) {
            objects.remove(symbol);
            if (isObject) {
                final FieldTable whole = new FieldTable();
                whole.replace(text, 0, text.length);
                objects.put(symbol, whole);
            }
            return value;
        }
        current.merge(text, 0, text.length);
        // any other null is the venue's
        final char[] names = JsonWriter.strings(new StringBuilder(), removed).toString().toCharArray();
        current.removeAll(names, 0, names.length);
        final StringBuilder out = new StringBuilder();
        current.appendJson(out);
        return out.toString();
    }
}
