package penstock.topic;

import penstock.book.Book;
import penstock.wire.MessageBuffer;

/** The best levels of a book in a depth that nobody holds: what changed in them is not known. Owned by the shard. */
record UnheldDepth(Book book, int depth) implements Shown {
    @Override
    public boolean isKnown(final long sentQ) {
        return false;
    }

    @Override
    public boolean isTouched(final long sentQ) {
        return true;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        BookText.appendBest(out, book.bids(), book.asks(), depth);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        appendValue(out);
    }
}
