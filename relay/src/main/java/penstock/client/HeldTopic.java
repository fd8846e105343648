package penstock.client;

import penstock.client.value.BookSide;
import penstock.client.value.FieldTable;
import penstock.client.value.JsonCursor;
import penstock.client.value.RelayMessage;
import penstock.client.value.RelayMessage.Part;

/**
 * One topic of a subscription, as far as it was sent: its value, its sequence, and what is known of its state.
 *
 * <p>Owned by the client's thread.
 */
final class HeldTopic {
    final String symbol;
    /** Sequence sent last; 0 = none. */
    long q;
    /** Sequence when the connection was lost: entries up to there may come again in mode all. */
    long held;
    long c;
    /** The venue's time in microseconds since 1970; 0 = none. */
    long timeUs;
    /** It is from before the connection was lost. */
    boolean isKept;
    /** It is from before the feed was lost. */
    boolean isLost;
    /** What a status said of it; null: nothing, or that it is live. */
    ValueState reported;
    String reason;
    /** Its neighbours in the order of changes, and the number of its last one. */
    HeldTopic before;
    HeldTopic after;
    long change;

    private final FieldTable fields = new FieldTable();
    private ValueState entryState;
    private boolean hasValue;
    private long arrivedMs;
    private long lagUs;
    private JsonCursor book;
    private BookSide bids = BookSide.EMPTY;
    private BookSide asks = BookSide.EMPTY;

    HeldTopic(final String symbol) {
        this.symbol = symbol;
    }

    /** Applies the entry at which the message is. */
    void apply(final RelayMessage entry, final boolean isImage, final boolean isBook, final boolean isDelta) {
        if (isBook) {
            applyBook(entry, isImage);
        } else if (isDelta && !isImage && hasValue && fields.isObject() && entry.isValueObject()) {
            fields.merge(entry.chars(), entry.valueFrom(), entry.valueTo());
            if (entry.hasRemoved()) {
                fields.removeAll(entry.chars(), entry.removedFrom(), entry.removedTo());
            }
        } else {
            fields.replace(entry.chars(), entry.valueFrom(), entry.valueTo());
        }
        q = entry.q();
        c = entry.c();
        hasValue = true;
    }

    private void applyBook(final RelayMessage entry, final boolean isImage) {
        if (book == null) {
            book = new JsonCursor();
            bids = new BookSide(-1);
            asks = new BookSide(1);
        }
        // no user sees a message applied in part, also if the rest of it cannot be read
        book.enterObject(entry.chars(), entry.valueFrom(), entry.valueTo());
        while (book.nextMember()) {
            if (book.isNamed("bids") || book.isNamed("asks")) {
                bids.check(entry.chars(), book.from(), book.to());
            }
        }
        // a book that joins begins with an update
        if (isImage || !hasValue) {
            bids.clear();
            asks.clear();
        }
        book.enterObject(entry.chars(), entry.valueFrom(), entry.valueTo());
        while (book.nextMember()) {
            if (book.isNamed("bids")) {
                bids.apply(entry.chars(), book.from(), book.to());
            } else if (book.isNamed("asks")) {
                asks.apply(entry.chars(), book.from(), book.to());
            }
        }
    }

    /** Takes over the state of the entry at which the message is: it came with this connection, and from this feed. */
    void accept(final RelayMessage entry, final long nowMs) {
        entryState = ValueState.of(entry.entryState());
        isLost = false;
        isKept = false;
        timeUs = entry.timeUs();
        arrivedMs = nowMs;
        lagUs = timeUs == 0 ? 0 : Math.max(0, entry.number(Part.TS) - timeUs);
    }

    /** The relay said nothing of it since the resume: it is as it was. */
    void trust(final boolean isFeedLive) {
        if (isKept) {
            isKept = false;
            entryState = null;
            isLost = !isFeedLive;
        }
    }

    /** It may not be seen any more. */
    void discard() {
        hasValue = false;
        q = 0;
        held = 0;
    }

    ValueState state(final boolean isFresh) {
        if (reported != null) {
            return reported;
        }
        if (entryState == ValueState.CLOSED) {
            return ValueState.CLOSED;
        }
        return isFresh && entryState == null && !isLost && !isKept ? ValueState.LIVE : ValueState.STALE;
    }

    long ageMs(final long nowMs) {
        return (lagUs + 500) / 1000 + Math.max(0, nowMs - arrivedMs);
    }

    boolean hasValue() {
        return hasValue;
    }

    boolean isBook() {
        return book != null;
    }

    FieldTable fields() {
        return fields;
    }

    BookSide bids() {
        return hasValue ? bids : BookSide.EMPTY;
    }

    BookSide asks() {
        return hasValue ? asks : BookSide.EMPTY;
    }
}
