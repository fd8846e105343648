package penstock.book;

import penstock.ring.Conflator;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

/**
 * Changes of a book that wait in front of a full ring, folded into the net change per price; a snapshot forgets what
 * waited before it. A level that goes stays as a removal, whether it was seen or not: the shards may have it. Owned by
 * the feed thread.
 */
public final class BookConflator implements Conflator {
    private static final int KEPT_BYTES = 16 * 1024;

    private BookSide bids = new BookSide(LevelBuffer.BID, false);
    private BookSide asks = new BookSide(LevelBuffer.ASK, false);
    private final LevelBuffer reader = new LevelBuffer();
    private final LevelBuffer folded = new LevelBuffer();
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
        target.set(folded.buffer(), 0, 0, 0, 0);
        target.kind = kind;
        target.levels = folded;
    }

    @Override
    public boolean fits(final int bytes) {
        if (bids.maxBytes() + asks.maxBytes() <= bytes) {
            return true;
        }
        encode();
        return folded.length() <= bytes;
    }

    @Override
    public void clear() {
        bids = cleared(bids);
        asks = cleared(asks);
        folded.clear();
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
            folded.clear();
            encode(bids);
            encode(asks);
        }
    }

    private void encode(final BookSide side) {
        for (int i = 0; i < side.count(); i++) {
            final int level = side.slot(i);
            folded.add(side.side(), side.text(), side.priceOffset(level), side.priceLength(level), side.text(),
                side.sizeOffset(level), side.sizeLength(level));
        }
    }
}
