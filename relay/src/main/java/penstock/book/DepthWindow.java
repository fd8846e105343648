package penstock.book;

import penstock.ring.LevelBuffer;

/**
 * The best levels of a book, kept up to date beside it: levels carry the version with which they changed here, entered
 * or left, so that what changed in the window is told like what changed in a book. Follows only what changed since it
 * last did; what lies beyond a full window costs one comparison per level. Owned by the book's thread.
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

    /** Begins with the levels that are there, as of {@code version}. */
    public DepthWindow(final Book book, final int depth, final long version) {
        this.book = book;
        this.depth = depth;
        worstBid = rebuild(bids, book.bids(), version);
        worstAsk = rebuild(asks, book.asks(), version);
        synced = version;
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

    /** What changed since an older version than this cannot be told any more. */
    public long pruned() {
        return Math.max(bids.pruned(), asks.pruned());
    }

    /** The book is now that of {@code version}. */
    public void sync(final long version) {
        worstBid = sync(bids, book.bids(), worstBid, version);
        worstAsk = sync(asks, book.asks(), worstAsk, version);
        synced = version;
    }

    /** {@code worst} is the last level of a full window. The one it has then is returned. */
    private int sync(final BookSide best, final BookSide whole, final int worst, final long version) {
        if (whole.pruned() > synced) {
            // what changed last may be forgotten there already
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
            // all up to the worst is here: what follows moves up
            for (int place = whole.placeBehind(best, worst); place < whole.count() && best.live() < depth; place++) {
                takeLive(best, whole, place, version);
            }
        }
        return cut(best, version);
    }

    private int rebuild(final BookSide best, final BookSide whole, final long version) {
        round++;
        int taken = 0;
        for (int place = 0; place < whole.count() && taken < depth; place++) {
            taken += takeLive(best, whole, place, version);
        }
        best.keepOnly(round, version);
        return cut(best, version);
    }

    /** 1, or 0 when there is but a tombstone. */
    private int takeLive(final BookSide best, final BookSide whole, final int place, final long version) {
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
