package penstock.client;

import java.util.Arrays;
import java.util.Set;
import penstock.client.value.BookSide;
import penstock.client.value.FieldTable;
import penstock.client.value.MessageEntry;
import penstock.client.value.MissedUpdates;

/**
 * One topic of a subscription, as far as it was sent: its value, its sequence, and what is known of its state.
 *
 * <p>Owned by the client's thread.
 */
final class HeldTopic {
    /** A grid that is shown topics. Called on the client's thread. */
    interface Reader {
        /** The symbols that it asks for. */
        Set<String> names();

        /** The interval that it asks for. */
        int intervalMs();

        /** A topic changed; {@code isAtOnce}: that does not wait for the interval. */
        void onChange(HeldTopic topic, boolean isAtOnce);

        /** An entry was applied, or was known already. */
        void onEntry(MessageEntry entry, HeldTopic topic);

        /** An update was applied; mode all only. */
        void onEvent(HeldTopic topic);

        /** Events are missing; −1: how many is not known. */
        void onGap(long missed);

        /** Nothing is known of a symbol any more. */
        void onGone(String gone);

        /** All that was asked for has come. */
        void onWhole();

        /** What was asked for does not come. */
        void onRefused(RefusedException reason);

        /** What several asked for together does not come: it is to ask by itself, under that name. */
        void standAlone(String name);
    }

    final String symbol;
    /** Sequence sent last; 0 = none. */
    long q;
    /** Sequence when the connection was lost: entries up to there may come again in mode all. */
    long held;
    final MissedUpdates missing = new MissedUpdates();
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
    /** Its neighbours in the order in which topics came. */
    HeldTopic before;
    HeldTopic after;

    /** The grids that are shown it, and for each whether its next frame has it already. */
    private Reader[] readers = {};
    private boolean[] marks = {};
    private final FieldTable fields = new FieldTable();
    private ValueState entryState;
    private boolean hasValue;
    private long arrivedMs;
    private long lagUs;
    private boolean isBook;
    private BookSide bids = BookSide.EMPTY;
    private BookSide asks = BookSide.EMPTY;

    HeldTopic(final String symbol) {
        this.symbol = symbol;
    }

    // ---- who reads it

    void setReaders(final Reader[] now) {
        if (!Arrays.equals(now, readers)) {
            final boolean[] kept = new boolean[now.length];
            for (int i = 0; i < now.length; i++) {
                final int place = placeOf(now[i]);
                kept[i] = place >= 0 && marks[place];
            }
            readers = now;
            marks = kept;
        }
    }

    /** It changed in a subscription of that interval: a grid that is slower waits for its own. */
    void tell(final int intervalMs) {
        for (int i = 0; i < readers.length; i++) {
            readers[i].onChange(this, readers[i].intervalMs() <= intervalMs);
        }
    }

    void tellEntry(final MessageEntry entry) {
        for (final Reader grid : readers) {
            grid.onEntry(entry, this);
        }
    }

    /** Whether it is new to the next frame of a grid, which has it from now on. */
    boolean mark(final Reader grid) {
        final int place = placeOf(grid);
        if (place < 0 || marks[place]) {
            return place < 0;
        }
        marks[place] = true;
        return true;
    }

    void unmark(final Reader grid) {
        final int place = placeOf(grid);
        if (place >= 0) {
            marks[place] = false;
        }
    }

    private int placeOf(final Reader grid) {
        for (int i = 0; i < readers.length; i++) {
            if (readers[i] == grid) {
                return i;
            }
        }
        return -1;
    }

    // ---- its value

    /** Applies an entry. */
    void apply(final MessageEntry entry, final boolean isOfBook, final boolean isDelta) {
        if (isOfBook) {
            applyBook(entry);
        } else if (isDelta && !entry.isImage() && hasValue && fields.isObject() && entry.isObject()) {
            fields.merge(entry);
        } else {
            fields.replace(entry);
        }
        q = entry.q();
        c = entry.c();
        hasValue = true;
    }

    private void applyBook(final MessageEntry entry) {
        if (!isBook) {
            isBook = true;
            bids = new BookSide(-1);
            asks = new BookSide(1);
        }
        // no user sees a message applied in part, also if the rest of it cannot be read
        entry.enterFields();
        while (entry.nextField()) {
            if (entry.isField("bids") || entry.isField("asks")) {
                bids.check(entry.chars(), entry.fieldFrom(), entry.fieldTo());
            }
        }
        // a book that joins begins with an update
        if (entry.isImage() || !hasValue) {
            bids.clear();
            asks.clear();
        }
        entry.enterFields();
        while (entry.nextField()) {
            if (entry.isField("bids")) {
                bids.apply(entry.chars(), entry.fieldFrom(), entry.fieldTo());
            } else if (entry.isField("asks")) {
                asks.apply(entry.chars(), entry.fieldFrom(), entry.fieldTo());
            }
        }
    }

    /** Takes over the state of an entry: it came with this connection, and from this feed. */
    void accept(final MessageEntry entry, final long nowMs) {
        entryState = ValueState.of(entry.state());
        isLost = false;
        isKept = false;
        timeUs = entry.timeUs();
        arrivedMs = nowMs;
        lagUs = timeUs == 0 ? 0 : Math.max(0, entry.tsUs() - timeUs);
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
        missing.clear();
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
        return isBook;
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
