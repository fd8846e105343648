package penstock.tap;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import penstock.wire.MessageBuffer;
import penstock.wire.SubscriptionOptions;

/**
 * The values as a subscriber holds them that is told changes only: fields set and taken out with {@code delta}, levels
 * of books with a {@code depth}. What comes whole is not kept.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapTable {
    private static final String BOOK = "order-book";

    /** Class by channel, as the welcome tells them. */
    private final Map<String, String> classes = new HashMap<>();
    private final Map<String, Map<String, String>> objects = new HashMap<>();
    private final Map<String, TapBook> books = new HashMap<>();
    private boolean isBook;
    private boolean isDelta;
    private int depth;

    TapTable(final SubscriptionOptions terms) {
        isDelta = Boolean.TRUE.equals(terms.content().delta());
        depth = Math.max(0, terms.content().depth());
    }

    /** Takes the feed of a welcome. */
    void onFeed(final String feed) throws IOException {
        final String channels = TapMessages.members(feed).get("channels");
        for (final String channel : channels == null ? java.util.List.<String>of() : TapMessages.elements(channels)) {
            final Map<String, String> fields = TapMessages.fields(channel.toCharArray(), 0, channel.length());
            classes.put(fields.get("name"), fields.get("class"));
        }
    }

    /** Takes the settings in force of an ack. */
    void onEffective(final String effective) throws IOException {
        final Map<String, String> fields = TapMessages.fields(effective.toCharArray(), 0, effective.length());
        isBook = BOOK.equals(classes.get(fields.get("channel")));
        isDelta = "true".equals(fields.get("delta"));
        depth = Integer.parseInt(fields.getOrDefault("depth", "0"));
    }

    /** Forgets all of it: what comes next is whole. */
    void clear() {
        objects.clear();
        books.clear();
    }

    /** The value that a subscriber has after an image or an update of {@code value}. */
    String apply(final boolean isImage, final String symbol, final String value) throws IOException {
        if (isBook) {
            return depth == 0 ? value : book(isImage, symbol, value).toString();
        }
        return isDelta ? merged(isImage, symbol, value) : value;
    }

    /** What is wrong with what is held of a symbol; null when nothing is. */
    String problem(final String symbol) {
        final TapBook book = books.get(symbol);
        return book == null || book.depth() <= depth ? null
            : "BOOK BROKEN " + symbol + ": " + book.depth() + " levels of a side are held, at most " + depth
            + " expected";
    }

    private TapBook book(final boolean isImage, final String symbol, final String value) throws IOException {
        if (isImage) {
            books.remove(symbol);
        }
        final TapBook book = books.computeIfAbsent(symbol, ignored -> new TapBook());
        book.apply(value);
        return book;
    }

    private String merged(final boolean isImage, final String symbol, final String value) throws IOException {
        final Map<String, String> said = TapMessages.members(value);
        if (said == null || isImage || !objects.containsKey(symbol)) {
            objects.remove(symbol);
            if (said != null) {
                objects.put(symbol, said);
            }
            return value;
        }
        final Map<String, String> held = objects.get(symbol);
        said.forEach((name, text) -> {
            if (text.equals("null")) {
                held.remove(name);
            } else {
                held.put(name, text);
            }
        });
        final MessageBuffer out = new MessageBuffer(128).put('{');
        held.forEach((name, text) -> out.put(out.length() == 1 ? "" : ",").putString(name).put(':').put(text));
        return out.put('}').toString();
    }
}
