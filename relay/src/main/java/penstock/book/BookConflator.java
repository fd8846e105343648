package penstock.book;

import penstock.ring.Conflator;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

/**
 * Conflates changes of a book into the net change per price; a snapshot replaces everything before it. A removed level
 * stays as a removal, even if it was never seen here: the shards may have it. Owned by the feed thread.
 */
public final class BookConflator implements Conflator {
    private static final int KEPT_BYTES = 16 * 1024;

    private BookSide bids = new BookSide(LevelBuffer.BID, false);
    private BookSide asks = new BookSide(LevelBuffer.ASK, false);
    private final LevelBuffer reader = new LevelBuffer();
    private final LevelBuffer conflated = new LevelBuffer();
    private UpdateKind kind = UpdateKind.DELTA;
    private boolean isEncoded;

    @Override
    public void add(final UpdateSlice update) {
        isEncoded = false;
        if (update.kind != UpdateKind.DELTA) {
            bids.clear();
            asks.clear();
            kind = update.kind;
        } else if (kind == UpdateKind.REMOVE) {
            kind = UpdateKind.SNAPSHOT;
        }
        reader.wrap(update.levels.buffer(), 0, update.levels.length());
        while (reader.next()) {
            final BookSide side = reader.side() == LevelBuffer.BID ? bids : asks;
            final byte[] bytes = reader.buffer();
            if (!Price.isZero(bytes, reader.sizeOffset(), reader.sizeLength())) {
                side.set(bytes, reader.priceOffset(), reader.priceLength(), reader.sizeOffset(), reader.sizeLength(),
                    0, 0);
            } else {
                side.removeUnseen(bytes, reader.priceOffset(), reader.priceLength());
            }
        }
    }

    @Override
    public void writeTo(final UpdateSlice target) {
        encode();
        target.set(conflated.buffer(), 0, 0, 0, 0);
        target.kind = kind;
        target.levels = conflated;
    }

    @Override
    public boolean fits(final int bytes) {
        if (bids.maxBytes() + asks.maxBytes() <= bytes) {
            return true;
        }
        encode();
        return conflated.length() <= bytes;
    }

    @Override
    public void clear() {
        bids = cleared(bids);
        asks = cleared(asks);
        conflated.clear();
        kind = UpdateKind.DELTA;
        isEncoded = true;
    }

    private static BookSide cleared(final BookSide side) {
        if (side.maxBytes() > KEPT_BYTES) {
            return new BookSide(side.side(), false);
        }
        side.clear();
        return side;
    }

    private void encode() {
        if (!isEncoded) {
            isEncoded = true;
            conflated.clear();
            encode(bids);
            encode(asks);
        }
    }

    private void encode(final BookSide side) {
        for (int i = 0; i < side.count(); i++) {
            final int level = side.slot(i);
            conflated.add(side.side(), side.text(), side.priceOffset(level), side.priceLength(level), side.text(),
                side.sizeOffset(level), side.sizeLength(level));
        }
    }
}
