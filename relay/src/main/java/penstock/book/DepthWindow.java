package penstock.book;

import penstock.ring.LevelBuffer;

/**
 * The best levels of a book, kept up to date beside it. A level carries the version at which it changed here, entered
 * or left, so that changes of the window are found like those of a book. It follows only the changes since its last
 * sync; a change beyond a full window costs one comparison per level. Owned by the book's thread.
 */
public final class DepthWindow {
    private final Book book;
    private final int depth;
    private final BookSide bids = new BookSide(LevelBuffer.BID, true);
    private final BookSide asks = new BookSide(LevelBuffer.ASK, true);
    private int worstBid;
    private int worstAsk;
    private long synced;
    private int round;

    /** Starts with the present levels, as of {@code version}. */
    public DepthWindow(final Book book, final int depth, final long version) {
        this.book = book;
        this.depth = depth;
        worstBid = rebuild(bids, book.bids(), version);
        worstAsk = rebuild(asks, book.asks(), version);
        synced = version;
    }

    /** Bytes of heap of a window on the book as it is, at most. */
    public static long bytes(final Book book, final int depth) {
        return BookSide.bytes(book.bids(), depth) + BookSide.bytes(book.asks(), depth);
    }

    /** Bytes of heap now. */
    public long bytes() {
        return bids.bytes() + asks.bytes();
    }

    /** Levels per side. */
    public int depth() {
        return depth;
    }

    /** The best bids, best first. */
    public BookSide bids() {
        return bids;
    }

    /** The best asks, best first. */
    public BookSide asks() {
        return asks;
    }

    /** Changes since an older version than this are unknown. */
    public long pruned() {
        return Math.max(bids.pruned(), asks.pruned());
    }

    /** Follows the book, which is now that of {@code version}. */
    public void sync(final long version) {
        worstBid = sync(bids, book.bids(), worstBid, version);
        worstAsk = sync(asks, book.asks(), worstAsk, version);
        synced = version;
    }

    /** {@code worst} is the last level of a full window; returns the one after the sync. */
    private int sync(final BookSide best, final BookSide whole, final int worst, final long version) {
        if (whole.pruned() > synced) {
            // The last changes may be pruned there already.
            return rebuild(best, whole, version);
        }
        boolean isTouched = false;
        for (int level = whole.newest(); level != BookSide.NONE
                && whole.changed(level) > synced; level = whole.older(level)) {
            if (worst == BookSide.NONE || best.compare(worst, whole, level) >= 0) {
                best.copyFrom(whole, level, version, round);
                isTouched = true;
            }
        }
        if (!isTouched) {
            return worst;
        }
        if (worst != BookSide.NONE && best.live() < depth) {
            // All levels up to the worst are here: the following ones move up.
            for (int place = whole.placeBehind(best, worst); place < whole.count() && best.live() < depth; place++) {
                copyLive(best, whole, place, version);
            }
        }
        return cut(best, version);
    }

    private int rebuild(final BookSide best, final BookSide whole, final long version) {
        round++;
        int taken = 0;
        for (int place = 0; place < whole.count() && taken < depth; place++) {
            taken += copyLive(best, whole, place, version);
        }
        best.keepOnly(round, version);
        return cut(best, version);
    }

    /** Copies a level; 1, or 0 for a tombstone. */
    private int copyLive(final BookSide best, final BookSide whole, final int place, final long version) {
        final int level = whole.slot(place);
        if (!whole.isLive(level)) {
            return 0;
        }
        best.copyFrom(whole, level, version, round);
        return 1;
    }

    private int cut(final BookSide best, final long version) {
        while (best.live() > depth) {
            best.remove(best.worst(), version);
        }
        best.prune();
        return best.live() == depth ? best.worst() : BookSide.NONE;
    }
}
