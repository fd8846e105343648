package penstock.book;

import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;

/**
 * An order book: two sides of levels, built from snapshots and changes. A level carries the version of the update that
 * changed it last; an equal level is no change, in a snapshot too. Owned by the thread that applies updates to it.
 */
public final class Book {
    private final BookSide bids = new BookSide(LevelBuffer.BID, true);
    private final BookSide asks = new BookSide(LevelBuffer.ASK, true);
    private int round;

    /** The buy side, highest price first. */
    public BookSide bids() {
        return bids;
    }

    /** The sell side, lowest price first. */
    public BookSide asks() {
        return asks;
    }

    /** The side with that number. */
    public BookSide side(final int number) {
        return number == LevelBuffer.BID ? bids : asks;
    }

    /** Changes since an older version than this are unknown. */
    public long pruned() {
        return Math.max(bids.pruned(), asks.pruned());
    }

    /** Applies an update; {@code levels} must be before its first level. Versions grow. */
    public void apply(final UpdateKind kind, final LevelBuffer levels, final long version) {
        round++;
        while (levels.next()) {
            final BookSide side = side(levels.side());
            final byte[] bytes = levels.buffer();
            if (Price.isZero(bytes, levels.sizeOffset(), levels.sizeLength())) {
                side.remove(bytes, levels.priceOffset(), levels.priceLength(), version);
                side.prune();
            } else {
                side.set(bytes, levels.priceOffset(), levels.priceLength(), levels.sizeOffset(), levels.sizeLength(),
                    version, round);
            }
        }
        if (kind != UpdateKind.DELTA) {
            bids.keepOnly(round, version);
            bids.prune();
            asks.keepOnly(round, version);
            asks.prune();
        }
    }

    /** Cuts both sides to {@code depth} levels and adds the removed levels to {@code removals}. */
    void truncate(final int depth, final LevelBuffer removals, final long version) {
        truncate(bids, depth, removals, version);
        truncate(asks, depth, removals, version);
    }

    private static void truncate(final BookSide side, final int depth, final LevelBuffer removals, final long version) {
        while (side.live() > depth) {
            final int worst = side.worst();
            removals.add(side.side(), side.text(), side.priceOffset(worst), side.priceLength(worst), side.text(), 0, 0);
            side.remove(worst, version);
        }
        side.prune();
    }
}
