package penstock.topic.image;

import penstock.book.Book;
import penstock.wire.MessageBuffer;

/**
 * The best levels of a book in a depth without subscriptions: their changes are unknown. Owned by the shard's io
 * thread.
 */
record DetachedDepthView(Book book, int depth) implements ValueView {
    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return false;
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        return true;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        BookEncoder.appendBest(out, book.bids(), book.asks(), depth);
    }
}
