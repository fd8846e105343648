package penstock.server.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.fanout.format.FrameFormat;
import penstock.wire.MessageBuffer;

/**
 * Encodes messages as server-sent events (HTML, 9.2): the type is the event's name, the JSON is one line of data, and
 * the position reached is the id, which a browser returns when it reconnects. An answer that does not resume has an id
 * of its own: a browser whose page has just discarded its values would still return the one from before, and the relay
 * might honour that the second time. Owned by the io thread; one per session.
 */
public final class EventStream implements FrameFormat {
    /** Behind the data: the end of its line, and of the event. */
    private static final byte[] END = MessageBuffer.ascii("\n\n");

    private static final byte[] EVENT = MessageBuffer.ascii("event: ");
    private static final byte[] ID = MessageBuffer.ascii("\nid: ");
    private static final byte[] DATA = MessageBuffer.ascii("\ndata: ");
    /** Of no relay's epoch, so never honoured. An empty id would let a browser return that in its address. */
    private static final byte[] NOTHING_HELD = MessageBuffer.ascii("\nid: 0-0");
    /** Quotes in the strings of a message are escaped, so these bytes are a field. */
    private static final byte[] IS_NOT_RESUMED = MessageBuffer.ascii("\"resumed\":false");
    private static final byte[] ACK = MessageBuffer.ascii("{\"type\":\"ack\"");
    private static final int TYPE_AT = "{\"type\":\"".length();
    /** Browsers reconnect after this fixed time, spread over 2 s so that not all of them reconnect at once. */
    private static final int RETRY_MS = 2_000;
    private static final int RETRY_SPREAD_MS = 2_000;
    private static final int SPREAD = 769;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long BLANKS = 0x2020202020202020L;
    private static final long TOP_BITS = 0x8080808080808080L;

    private final MessageBuffer opening = new MessageBuffer(64);

    @Override
    public boolean isTwoWay() {
        return false;
    }

    /** When to reconnect. */
    @Override
    public byte[] preamble(final int number) {
        return MessageBuffer.ascii("retry: " + (RETRY_MS + (int) ((long) number * SPREAD % RETRY_SPREAD_MS)) + "\n\n");
    }

    @Override
    public void putControl(final MessageBuffer out, final int opcode, final byte[] payload, final int offset,
            final int length) {
        name(out, payload, offset);
        if (isBeginning(payload, offset, length)) {
            out.put(NOTHING_HELD);
        }
        out.put(DATA).put(payload, offset, length).put(END);
    }

    /** Whether the client has nothing from here on. */
    private static boolean isBeginning(final byte[] message, final int offset, final int length) {
        final int end = offset + length;
        if (!isAt(message, offset, end, ACK)) {
            return false;
        }
        int at = offset + ACK.length;
        while (at < end && !isAt(message, at, end, IS_NOT_RESUMED)) {
            at++;
        }
        return at < end;
    }

    private static boolean isAt(final byte[] message, final int at, final int end, final byte[] text) {
        return end - at >= text.length && Arrays.equals(message, at, at + text.length, text, 0, text.length);
    }

    @Override
    public int dataBytes(final MessageBuffer head, final byte[] body, final int length, final long epoch,
            final long p) {
        open(opening.clear(), head.bytes(), 0, epoch, p);
        return opening.length() + head.length() + length + END.length;
    }

    @Override
    public void putData(final ByteBuffer out, final int opcode, final MessageBuffer head, final byte[] body,
            final int length) {
        unbreak(body, length);
        out.put(opening.bytes(), 0, opening.length()).put(head.bytes(), 0, head.length()).put(body, 0, length);
        out.put(END);
    }

    /**
     * The part of an event before {@code message}, whose first field is its type. With position 0 the event has no id.
     */
    static void open(final MessageBuffer out, final byte[] message, final int offset, final long epoch, final long p) {
        name(out, message, offset);
        if (p > 0) {
            out.put(ID).put(epoch).put('-').put(p);
        }
        out.put(DATA);
    }

    private static void name(final MessageBuffer out, final byte[] message, final int offset) {
        int end = offset + TYPE_AT;
        while (message[end] != '"') {
            end++;
        }
        out.put(EVENT).put(message, offset + TYPE_AT, end - offset - TYPE_AT);
    }

    /**
     * Makes one line of checked JSON. Control characters occur between tokens only, where the venue broke lines: blanks
     * mean the same. Eight bytes at a time: a byte below the blank, and no other, borrows into its top bit.
     */
    static void unbreak(final byte[] json, final int length) {
        int i = 0;
        while (i + Long.BYTES <= length) {
            final long eight = (long) LONGS.get(json, i);
            if ((eight - BLANKS & ~eight & TOP_BITS) != 0) {
                unbreak(json, i, i + Long.BYTES);
            }
            i += Long.BYTES;
        }
        unbreak(json, i, length);
    }

    private static void unbreak(final byte[] json, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (json[i] >= 0 && json[i] < ' ') {
                json[i] = ' ';
            }
        }
    }
}
