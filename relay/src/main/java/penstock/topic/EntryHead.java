package penstock.topic;

import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.wire.MessageBuffer;

/**
 * What stands in front of the value in the protocol's entries of a topic. That of the newest update is encoded at most
 * once, when first sent. Owned by the shard's io thread.
 */
final class EntryHead {
    private static final byte[] TIME = MessageBuffer.ascii(",\"t\":");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");
    private static final byte[] STALE = MessageBuffer.ascii(",\"st\":\"stale\"");
    private static final byte[] CLOSED = MessageBuffer.ascii(",\"st\":\"closed\"");
    private static final byte[] VALUE = MessageBuffer.ascii(",\"v\":");
    private static final int DIGITS = 48;

    private final String symbol;
    /** Up to and with {@code t} of the newest update; null before an entry is sent first. */
    private MessageBuffer newest;
    private int symbolBytes;
    private long newestQ = -1;

    EntryHead(final String symbol) {
        this.symbol = symbol;
    }

    private MessageBuffer newest() {
        if (newest == null) {
            newest = new MessageBuffer(symbol.length() + DIGITS);
            newest.put("{\"s\":").putString(symbol).put(",\"q\":");
            symbolBytes = newest.length();
        }
        return newest;
    }

    /** Adds that of the newest update. */
    void appendNewest(final MessageBuffer out, final long q, final long timeUs, final long conflated,
            final TopicState state) {
        if (newestQ != q) {
            newest().length(symbolBytes);
            putNumbers(newest, q, timeUs);
            newestQ = q;
        }
        out.put(newest.bytes(), 0, newest.length());
        putConflated(out, conflated);
        putState(out, state);
        out.put(VALUE);
    }

    /** Adds that of any update, with the state in front of {@code c}, as entries that were stored have it. */
    void append(final MessageBuffer out, final long q, final long timeUs, final TopicState state,
            final long conflated) {
        putNumbers(out.put(newest().bytes(), 0, symbolBytes), q, timeUs);
        putState(out, state);
        putConflated(out, conflated);
        out.put(VALUE);
    }

    private static void putNumbers(final MessageBuffer out, final long q, final long timeUs) {
        out.put(q);
        if (timeUs != TickPublisher.NO_TIME) {
            out.put(TIME).put(timeUs);
        }
    }

    private static void putConflated(final MessageBuffer out, final long conflated) {
        if (conflated > 0) {
            out.put(CONFLATED).put(conflated);
        }
    }

    private static void putState(final MessageBuffer out, final TopicState state) {
        if (state != TopicState.LIVE) {
            out.put(state == TopicState.STALE ? STALE : CLOSED);
        }
    }
}
