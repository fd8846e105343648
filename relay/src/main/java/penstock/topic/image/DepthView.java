package penstock.topic.image;

import penstock.book.Book;
import penstock.book.DepthWindow;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * The best levels of a book, with their changes since the first subscription to this depth. A window that grows with
 * the book beyond the memory for views is given up: each change then sends the levels whole. Owned by the shard's io
 * thread.
 */
final class DepthView implements ValueView {
    private final Book book;
    private final int depth;
    private final long startQ;
    private final BookEncoder text;
    private final MemoryShare memory;
    /** Null when there is no memory for it. */
    private DepthWindow window;
    private long accounted;
    private long q;
    private int users;

    /** The memory of the window was found to fit. */
    DepthView(final Book book, final int depth, final long q, final MemoryShare memory) {
        this.book = book;
        this.depth = depth;
        this.q = q;
        this.memory = memory;
        startQ = q;
        text = new BookEncoder(memory);
        window = new DepthWindow(book, depth, q);
        accounted = window.bytes();
        memory.reserve(MemoryUse.VIEWS, accounted);
    }

    @Override
    public void drop() {
        text.drop();
        window = null;
        memory.release(MemoryUse.VIEWS, accounted);
        accounted = 0;
    }

    int depth() {
        return depth;
    }

    /** Adds {@code delta} users; returns their number. */
    int addUsers(final int delta) {
        users += delta;
        return users;
    }

    /** Follows a change of the book. */
    void sync(final long newQ) {
        q = newQ;
        if (window != null) {
            window.sync(newQ);
            final long growth = window.bytes() - accounted;
            if (growth != 0 && !memory.tryReserve(MemoryUse.VIEWS, growth)) {
                drop();
            } else {
                accounted += growth;
            }
        }
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return window == null ? sentQ >= q : sentQ >= startQ && sentQ >= window.pruned();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        return window == null ? q > sentQ : window.bids().isChanged(sentQ) || window.asks().isChanged(sentQ);
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        BookEncoder.appendBest(out, book.bids(), book.asks(), depth);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        text.appendChanges(out, window.bids(), window.asks(), q, sinceQ);
    }

    @Override
    public void appendRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        text.appendRow(out, window.bids(), window.asks(), q, sinceQ, row);
    }
}
