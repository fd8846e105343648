package penstock.client.value;

import penstock.client.value.RelayMessage.Part;

/**
 * The topics that a {@code gap} names, one after the other. Source: relay/docs/reference/protocol.md#every-update.
 *
 * <p>Owned by the client's thread.
 */
public final class GapTopics {
    private final JsonCursor all = new JsonCursor();
    private final JsonCursor parts = new JsonCursor();
    private char[] text;
    private boolean isEmpty;
    private String symbol;
    private long q;
    private long count;

    /** Goes to the topics of a message, before the first one; there may be none. */
    public void enter(final RelayMessage gap) {
        isEmpty = !gap.has(Part.TOPICS);
        text = gap.chars();
        if (!isEmpty) {
            gap.enter(Part.TOPICS, all);
        }
    }

    /** Reads the next one; false after the last one. */
    public boolean next() {
        if (isEmpty || !all.nextElement()) {
            return false;
        }
        parts.enterArray(text, all.from(), all.to());
        requirePart();
        symbol = CharRanges.content(text, parts.from(), parts.to());
        requirePart();
        q = CharRanges.whole(text, parts.from(), parts.to());
        requirePart();
        count = CharRanges.whole(text, parts.from(), parts.to());
        return true;
    }

    private void requirePart() {
        if (!parts.nextElement()) {
            throw new IllegalArgumentException("a topic of a gap without its symbol, its sequence or its count");
        }
    }

    /** Its symbol. */
    public String symbol() {
        return symbol;
    }

    /** The sequence of its last update that is missing. */
    public long q() {
        return q;
    }

    /** How many of its updates are missing, as far as the relay knows. */
    public long count() {
        return count;
    }
}
