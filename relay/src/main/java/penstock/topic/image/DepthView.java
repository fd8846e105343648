package penstock.topic.image;

import penstock.book.Book;
import penstock.book.DepthWindow;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.wire.MessageBuffer;

/**
 * The best levels of a book, with their changes since the first subscription to this depth. Owned by the shard's io
 * thread.
 */
final class DepthView implements ValueView {
    private final Book book;
    private final DepthWindow window;
    private final long startQ;
    private final BookEncoder text;
    private final MemoryShare memory;
    private long accounted;
    private long q;
    private int users;

    DepthView(final Book book, final int depth, final long q, final MemoryShare memory) {
        this.book = book;
        this.q = q;
        this.memory = memory;
        startQ = q;
        window = new DepthWindow(book, depth, q);
        text = new BookEncoder(memory);
        account(window.bytes());
    }

    @Override
    public void drop() {
        text.drop();
        account(0);
    }

    int depth() {
        return window.depth();
    }

    /** Adds {@code delta} users; returns their number. */
    int addUsers(final int delta) {
        users += delta;
        return users;
    }

    /** Follows a change of the book. */
    void sync(final long newQ) {
        q = newQ;
        window.sync(newQ);
        if (window.bytes() != accounted) {
            account(window.bytes());
        }
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return sentQ >= startQ && sentQ >= window.pruned();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        return window.bids().isChanged(sentQ) || window.asks().isChanged(sentQ);
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        BookEncoder.appendBest(out, book.bids(), book.asks(), window.depth());
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        text.appendChanges(out, window.bids(), window.asks(), q, sinceQ);
    }

    /** The feed makes a window grow: its clients cannot be refused any more. */
    private void account(final long bytes) {
        if (bytes > accounted) {
            memory.reserve(MemoryUse.VIEWS, bytes - accounted);
        } else {
            memory.release(MemoryUse.VIEWS, accounted - bytes);
        }
        accounted = bytes;
    }
}
