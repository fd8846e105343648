package penstock.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import penstock.wire.Decimal;
import penstock.wire.MessageBuffer;

/** What surrounds rows: their message, their entry, and the message that announces topics and columns. Stateless. */
public final class RowText {
    /** Three numbers and what separates them. */
    private static final int MAX_HEAD = 72;
    /** The largest number of a topic that eight bytes have room for. */
    private static final int MAX_SHORT = 99_999;
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NO_TIME = MessageBuffer.ascii("null");
    private static final byte[] STALE = MessageBuffer.ascii("\"stale\",");
    private static final byte[] CLOSED = MessageBuffer.ascii("\"closed\",");
    private static final byte[] ANNOUNCED = MessageBuffer.ascii("{\"type\":\"rows\",\"sub\":");
    private static final byte[] COLUMNS = MessageBuffer.ascii(",\"columns\":[");
    private static final byte[] TOPICS = MessageBuffer.ascii(",\"topics\":[");

    private RowText() {
    }

    /**
     * What the entries of a topic begin with, for {@link #beginEntry}: at most eight bytes, the first one lowest; of a
     * topic with a longer number the number itself, negative.
     */
    public static long head(final int topic) {
        if (topic > MAX_SHORT) {
            return -topic;
        }
        long head = ',';
        int rest = topic;
        do {
            head = head << Byte.SIZE | '0' + rest % 10;
            rest /= 10;
        } while (rest > 0);
        return head << Short.SIZE | '[' << Byte.SIZE | ',';
    }

    /**
     * Begins an entry, up to its state or row: topic, {@code c + 1}, and how long before {@code ts} its time is.
     *
     * @param head    {@link #head} of the topic
     * @param hasTime whether the venue gave {@code timeUs}
     */
    public static void beginEntry(final MessageBuffer out, final long head, final long count, final boolean hasTime,
            final long beforeUs) {
        // one look for room instead of six: an entry is short
        final byte[] bytes = out.room(MAX_HEAD);
        int at = out.length();
        if (head > 0) {
            LONG.set(bytes, at, head);
            at += Long.BYTES - (Long.numberOfLeadingZeros(head) >> 3);
        } else {
            bytes[at++] = ',';
            bytes[at++] = '[';
            at = Decimal.put(bytes, at, -head);
            bytes[at++] = ',';
        }
        at = Decimal.put(bytes, at, count);
        bytes[at++] = ',';
        if (hasTime) {
            at = Decimal.put(bytes, at, beforeUs);
        } else {
            System.arraycopy(NO_TIME, 0, bytes, at, NO_TIME.length);
            at += NO_TIME.length;
        }
        bytes[at++] = ',';
        out.length(at);
    }

    /** Adds the state of an entry that is not live. */
    public static void putState(final MessageBuffer out, final boolean isClosed) {
        out.put(isClosed ? CLOSED : STALE);
    }

    /** Begins a message of entries; {@code sub} is a JSON string, {@code sum} that of their sequences. */
    public static void beginMessage(final MessageBuffer out, final byte[] sub, final int offset, final int length,
            final long tsUs, final long p, final long sum) {
        out.put('[').put(sub, offset, length).put(',').put(tsUs).put(',').put(p).put(',').put(sum);
    }

    /** Begins an announcement; {@code columns} are all of the channel, or null if the subscription knows them. */
    public static void beginAnnouncement(final MessageBuffer out, final byte[] sub, final int offset, final int length,
            final ColumnTable columns) {
        out.put(ANNOUNCED).put(sub, offset, length);
        if (columns != null) {
            columns.appendNames(out.put(COLUMNS));
            out.put(']');
        }
        out.put(TOPICS);
    }

    /** Adds a topic: its number, its symbol, and the sequence from which its next entry counts. */
    public static void putTopic(final MessageBuffer out, final boolean isFirst, final int topic, final String symbol,
            final long q) {
        if (!isFirst) {
            out.put(',');
        }
        out.put('[').put(topic).put(',').putString(symbol).put(',').put(q).put(']');
    }

    /** Ends an announcement. */
    public static void endAnnouncement(final MessageBuffer out) {
        out.put(']').put('}');
    }
}
