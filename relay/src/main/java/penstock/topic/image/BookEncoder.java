package penstock.topic.image;

import penstock.book.BookSide;
import penstock.memory.MemoryShare;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * Encodes order books for the protocol. Subscriptions in step with each other need the same changes, so the last
 * encoded ones are kept. Owned by the shard's io thread.
 */
final class BookEncoder {
    /** The depth of a whole book. */
    static final int ALL = Integer.MAX_VALUE;

    private static final byte[] BIDS = MessageBuffer.ascii("{\"bids\":[");
    private static final byte[] ASKS = MessageBuffer.ascii("],\"asks\":[");
    private static final byte[] END = MessageBuffer.ascii("]}");
    private static final byte[] REMOVED = MessageBuffer.ascii(",0]");
    private static final byte[] BID_COLUMN = MessageBuffer.ascii("\"bids\"");
    private static final byte[] ASK_COLUMN = MessageBuffer.ascii("\"asks\"");

    private final EncodedJson changes;
    private final MemoryShare memory;
    /** Null without rows. */
    private EncodedJson rows;

    BookEncoder(final MemoryShare memory) {
        this.memory = memory;
        changes = new EncodedJson(memory);
    }

    /** Adds the best levels of both sides, best first. */
    static void appendBest(final MessageBuffer out, final BookSide bids, final BookSide asks, final int depth) {
        out.put(BIDS);
        appendBest(out, bids, depth);
        out.put(ASKS);
        appendBest(out, asks, depth);
        out.put(END);
    }

    /** Adds the levels that changed after {@code sinceQ}, up to {@code q}. */
    void appendChanges(final MessageBuffer out, final BookSide bids, final BookSide asks, final long q,
            final long sinceQ) {
        if (!changes.append(out, q, sinceQ)) {
            final int from = out.length();
            appendChanges(out.put(BIDS), bids, sinceQ);
            appendChanges(out.put(ASKS), asks, sinceQ);
            out.put(END);
            changes.keep(out, from, q, sinceQ);
        }
    }

    /** Adds the levels that changed after {@code sinceQ}, also those that came and went. */
    static void appendTouched(final MessageBuffer out, final BookSide bids, final BookSide asks, final long sinceQ) {
        appendTouched(out.put(BIDS), bids, sinceQ);
        appendTouched(out.put(ASKS), asks, sinceQ);
        out.put(END);
    }

    /** Adds the same as a row. */
    void appendRow(final MessageBuffer out, final BookSide bids, final BookSide asks, final long q, final long sinceQ,
            final RowBuilder row) {
        if (!row.isShared()) {
            encodeRow(out, bids, asks, sinceQ, row);
            return;
        }
        if (rows == null) {
            rows = new EncodedJson(memory);
        }
        if (!rows.append(out, q, sinceQ)) {
            final int from = out.length();
            encodeRow(out, bids, asks, sinceQ, row);
            rows.keep(out, from, q, sinceQ);
        }
    }

    /** Gives the memory of what was encoded back. */
    void drop() {
        changes.drop();
        if (rows != null) {
            rows.drop();
        }
    }

    private static void encodeRow(final MessageBuffer out, final BookSide bids, final BookSide asks, final long sinceQ,
            final RowBuilder row) {
        row.beginPair(out, BID_COLUMN, ASK_COLUMN);
        appendChanges(out.put(',').put('['), bids, sinceQ);
        appendChanges(out.put(']').put(',').put('['), asks, sinceQ);
        out.put(']');
    }

    private static void appendBest(final MessageBuffer out, final BookSide side, final int depth) {
        int left = Math.min(depth, side.live());
        boolean isFirst = true;
        for (int i = 0; left > 0; i++) {
            if (side.isLive(side.slot(i))) {
                appendLevel(out, side, side.slot(i), isFirst);
                isFirst = false;
                left--;
            }
        }
    }

    /** Newest change first. A level that came and went since {@code sinceQ} is no change. */
    private static void appendChanges(final MessageBuffer out, final BookSide side, final long sinceQ) {
        boolean isFirst = true;
        for (int level = side.newest(); level != BookSide.NONE
                && side.changed(level) > sinceQ; level = side.older(level)) {
            if (side.isChanged(level, sinceQ)) {
                appendLevel(out, side, level, isFirst);
                isFirst = false;
            }
        }
    }

    private static void appendTouched(final MessageBuffer out, final BookSide side, final long sinceQ) {
        boolean isFirst = true;
        for (int level = side.newest(); level != BookSide.NONE
                && side.changed(level) > sinceQ; level = side.older(level)) {
            appendLevel(out, side, level, isFirst);
            isFirst = false;
        }
    }

    private static void appendLevel(final MessageBuffer out, final BookSide side, final int level,
            final boolean isFirst) {
        if (!isFirst) {
            out.put(',');
        }
        out.put('[').put(side.text(), side.priceOffset(level), side.priceLength(level));
        if (side.isLive(level)) {
            out.put(',').put(side.text(), side.sizeOffset(level), side.sizeLength(level)).put(']');
        } else {
            out.put(REMOVED);
        }
    }
}
