package penstock.topic.image;

import java.util.ArrayList;
import java.util.List;
import penstock.book.Book;
import penstock.book.DepthWindow;
import penstock.memory.MemoryShare;
import penstock.ring.LevelBuffer;
import penstock.ring.Tick;
import penstock.rows.RowBuilder;
import penstock.wire.ContentOptions;
import penstock.wire.MessageBuffer;

/**
 * The image of an order book. An update sends the net change per level since the subscription's last one. Each depth
 * with subscriptions has a {@link DepthView} of its best levels; other settings of a view have no meaning for books.
 * Owned by the shard's io thread.
 */
final class BookImage implements Image {
    private final Book book = new Book();
    private final LevelBuffer reader = new LevelBuffer();
    private final BookEncoder text;
    private final ValueView everyTouch = new EveryTouch();
    private final List<DepthView> depths = new ArrayList<>(0);
    private final MemoryShare memory;
    private long q;

    BookImage(final MemoryShare memory) {
        this.memory = memory;
        text = new BookEncoder(null);
    }

    @Override
    public void store(final Tick tick, final byte[] payloads) {
        q = tick.q();
        book.apply(tick.kind(), reader.wrap(payloads, tick.offset() + tick.valueOffset(), tick.valueLength()), q);
        for (int i = 0; i < depths.size(); i++) {
            depths.get(i).sync(q);
        }
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return sentQ >= book.pruned();
    }

    @Override
    public long q() {
        return q;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        BookEncoder.appendBest(out, book.bids(), book.asks(), BookEncoder.ALL);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        text.appendChanges(out, book.bids(), book.asks(), q, sinceQ);
    }

    @Override
    public void appendRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        text.appendRow(out, book.bids(), book.asks(), q, sinceQ, row);
    }

    @Override
    public void addView(final View view) {
        if (isWindow(view)) {
            DepthView depth = find(view.depth());
            if (depth == null) {
                depth = new DepthView(book, view.depth(), q, memory);
                depths.add(depth);
            }
            depth.addUsers(1);
        }
    }

    @Override
    public void removeView(final View view) {
        final DepthView depth = find(view.depth());
        assert !isWindow(view) || depth != null : "each removal follows an addView";
        if (depth != null && depth.addUsers(-1) == 0) {
            depths.remove(depth);
            depth.drop();
        }
    }

    @Override
    public long viewGrowth(final View view) {
        return !isWindow(view) || find(view.depth()) != null ? 0 : DepthWindow.bytes(book, view.depth());
    }

    @Override
    public ValueView valueIn(final View view) {
        if (view.depth() == 0) {
            return this;
        }
        if (!isWindow(view)) {
            return everyTouch;
        }
        final DepthView found = find(view.depth());
        return found != null ? found : new DetachedDepthView(book, view.depth());
    }

    private static boolean isWindow(final View view) {
        return view.depth() > 0 && view.depth() != ContentOptions.EVERY_TOUCH;
    }

    /** The whole book; a change has the levels that came and went, too. Only the sessions of a bus have it. */
    private final class EveryTouch implements ValueView {
        @Override
        public boolean knowsChangesSince(final long sentQ) {
            return BookImage.this.knowsChangesSince(sentQ);
        }

        @Override
        public boolean isChangedSince(final long sentQ) {
            return BookImage.this.isChangedSince(sentQ);
        }

        @Override
        public void appendValue(final MessageBuffer out) {
            BookImage.this.appendValue(out);
        }

        @Override
        public void appendUpdate(final MessageBuffer out, final long sinceQ) {
            BookEncoder.appendTouched(out, book.bids(), book.asks(), sinceQ);
        }
    }

    private DepthView find(final int depth) {
        for (int i = 0; i < depths.size(); i++) {
            if (depths.get(i).depth() == depth) {
                return depths.get(i);
            }
        }
        return null;
    }
}
