package penstock.topic;

import penstock.book.Book;
import penstock.book.Side;
import penstock.ring.Levels;
import penstock.ring.Tick;
import penstock.wire.MessageBuffer;

/**
 * An order book. An update says the net change per level since the subscriber's last one; many subscribers were last sent the same, so
 * the newest such text is kept. Owned by the shard.
 */
final class BookImage implements Image {
    private static final byte[] BIDS = MessageBuffer.ascii("{\"bids\":[");
    private static final byte[] ASKS = MessageBuffer.ascii("],\"asks\":[");
    private static final byte[] END = MessageBuffer.ascii("]}");
    private static final byte[] REMOVED = MessageBuffer.ascii(",0]");
    private static final long NEVER = -1;
    private static final int KEPT_BYTES = 64 * 1024;

    private final Book book = new Book();
    private final Levels reader = new Levels();
    private long q;
    private MessageBuffer changes = new MessageBuffer(256);
    private long changesQ;
    private long changesSinceQ = NEVER;

    @Override
    public void store(final Tick tick, final byte[] lane) {
        q = tick.q();
        book.apply(tick.update(), reader.wrap(lane, tick.offset() + tick.valueOffset(), tick.valueLength()), q);
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        out.put(BIDS);
        appendWhole(out, book.bids());
        out.put(ASKS);
        appendWhole(out, book.asks());
        out.put(END);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        if (changesQ != q || changesSinceQ != sinceQ) {
            encodeChanges(sinceQ);
        }
        out.put(changes.bytes(), 0, changes.length());
    }

    @Override
    public long knownQ() {
        return book.pruned();
    }

    @Override
    public byte[] payload() {
        return null;
    }

    @Override
    public int payloadBytes() {
        return 0;
    }

    private void encodeChanges(final long sinceQ) {
        if (changes.bytes().length > KEPT_BYTES) {
            changes = new MessageBuffer(256);
        }
        changes.clear().put(BIDS);
        appendChanges(changes, book.bids(), sinceQ);
        changes.put(ASKS);
        appendChanges(changes, book.asks(), sinceQ);
        changes.put(END);
        changesQ = q;
        changesSinceQ = sinceQ;
    }

    private static void appendWhole(final MessageBuffer out, final Side side) {
        boolean isFirst = true;
        for (int i = 0; i < side.count(); i++) {
            if (side.isLive(side.level(i))) {
                appendLevel(out, side, side.level(i), isFirst);
                isFirst = false;
            }
        }
    }

    /** The newest first. What was not there before and is gone again is no change. */
    private static void appendChanges(final MessageBuffer out, final Side side, final long sinceQ) {
        boolean isFirst = true;
        for (int level = side.newest(); level != Side.NONE && side.changed(level) > sinceQ; level = side.older(level)) {
            if (side.isLive(level) || side.born(level) <= sinceQ) {
                appendLevel(out, side, level, isFirst);
                isFirst = false;
            }
        }
    }

    private static void appendLevel(final MessageBuffer out, final Side side, final int level, final boolean isFirst) {
        if (!isFirst) {
            out.put(',');
        }
        out.put('[').put(side.text(), side.priceOffset(level), side.priceLength(level));
        if (side.isLive(level)) {
            out.put(',').put(side.text(), side.sizeOffset(level), side.sizeLength(level)).put(']');
        } else {
            out.put(REMOVED);
        }
    }
}
