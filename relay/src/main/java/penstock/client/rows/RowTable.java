package penstock.client.rows;

import penstock.client.value.CharRanges;
import penstock.client.value.JsonCursor;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * What was announced of a subscription on a connection: its columns, and its topics by their numbers (open addressing,
 * half empty at least).
 *
 * <p>Owned by the client's thread. Source: relay/docs/reference/protocol.md#rows.
 */
public final class RowTable {
    private static final int MIN_SLOTS = 16;
    private static final int MAX_COLUMNS = 31;

    private final JsonCursor all = new JsonCursor();
    private final JsonCursor parts = new JsonCursor();
    private String[] columns = new String[0];
    private RowTopic[] slots = new RowTopic[MIN_SLOTS];
    private int size;

    /** Forgets all: another connection, or another name. */
    public void clear() {
        columns = new String[0];
        slots = new RowTopic[MIN_SLOTS];
        size = 0;
    }

    /** Takes over a message of type {@code rows}. */
    public void announce(final RelayMessage message) {
        if (message.has(Part.COLUMNS)) {
            columns = message.texts(Part.COLUMNS).toArray(String[]::new);
            if (columns.length > MAX_COLUMNS) {
                throw new IllegalArgumentException("more than " + MAX_COLUMNS + " columns");
            }
        }
        final char[] text = message.chars();
        message.enter(Part.TOPICS, all);
        while (all.nextElement()) {
            parts.enterArray(text, all.from(), all.to());
            final RowTopic topic = place((int) nextNumber(text));
            requireNext();
            if (!CharRanges.isString(text, parts.from(), parts.to())) {
                throw new IllegalArgumentException("a topic whose symbol is no string");
            }
            if (!CharRanges.equal(text, parts.from() + 1, parts.to() - 1, topic.symbol)) {
                topic.symbol = CharRanges.content(text, parts.from(), parts.to());
            }
            topic.q = nextNumber(text);
        }
    }

    private long nextNumber(final char[] text) {
        requireNext();
        return CharRanges.whole(text, parts.from(), parts.to());
    }

    private void requireNext() {
        if (!parts.nextElement()) {
            throw new IllegalArgumentException("a topic without its number, its symbol or its sequence");
        }
    }

    /** A column's name. */
    String column(final int index) {
        return columns[index];
    }

    int columns() {
        return columns.length;
    }

    /** The topic of a number; null if it was not announced. */
    RowTopic topic(final int number) {
        return slots[find(slots, number)];
    }

    private RowTopic place(final int number) {
        final int found = find(slots, number);
        if (slots[found] != null) {
            return slots[found];
        }
        final RowTopic topic = new RowTopic(number);
        slots[found] = topic;
        size++;
        if (2 * size > slots.length) {
            final RowTopic[] more = new RowTopic[2 * slots.length];
            for (final RowTopic each : slots) {
                if (each != null) {
                    more[find(more, each.number)] = each;
                }
            }
            slots = more;
        }
        return topic;
    }

    /** Where the topic is, or may be put. */
    private static int find(final RowTopic[] among, final int number) {
        int i = number & among.length - 1;
        while (among[i] != null && among[i].number != number) {
            i = i + 1 & among.length - 1;
        }
        return i;
    }
}
