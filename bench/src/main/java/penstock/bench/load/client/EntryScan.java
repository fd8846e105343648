package penstock.bench.load.client;

import java.nio.charset.StandardCharsets;

/**
 * Reads what the rig needs from messages, at the price of a walk over them. Stateless but for its place; owned by its
 * client's thread.
 */
public final class EntryScan {
    private static final byte[] SUB = ascii("\"sub\":\"");
    private static final byte[] DATA = ascii("\"data\":[");
    private static final byte[] SYMBOL = ascii("{\"s\":\"FX");
    private static final byte[] SEQUENCE = ascii("\"q\":");
    private static final byte[] CONFLATED = ascii(",\"c\":");
    private static final byte[] DUE = ascii("\"ns\":");
    private static final byte[] MISSED = ascii("\"missed\":");
    private static final byte[] LAST = ascii("\"last\":true");
    private static final int HEAD_BYTES = 300;

    private byte[] bytes;
    private int at;
    private int end;

    public EntryScan on(final byte[] newBytes, final int offset, final int length) {
        bytes = newBytes;
        at = offset;
        end = offset + length;
        return this;
    }

    /** The message is of this type: {@code {"type":"…"}. */
    public boolean isType(final String type) {
        final int from = at + 9;
        for (int i = 0; i < type.length(); i++) {
            if (from + i >= end || bytes[from + i] != type.charAt(i)) {
                return false;
            }
        }
        return bytes[from + type.length()] == '"';
    }

    /** The stream that the message is for. */
    public SubscriptionStats stream(final SubscriptionStats[] streams) {
        skip(SUB, at + HEAD_BYTES);
        for (final SubscriptionStats stream : streams) {
            if (bytes[at] == stream.name.charAt(0)) {
                return stream;
            }
        }
        throw new IllegalStateException("a message of no subscription: "
            + new String(bytes, at, 20, StandardCharsets.UTF_8));
    }

    public long missed() {
        skip(MISSED, end);
        return number();
    }

    public void updates(final SubscriptionStats stream, final long nowNs) {
        skip(DATA, at + HEAD_BYTES);
        while (skip(SYMBOL, end)) {
            final int symbol = (int) number();
            skip(SEQUENCE, end);
            final long q = number();
            final int value = at;
            long c = 0;
            if (bytes[at] == ',' && bytes[at + 2] == 'c') {
                skip(CONFLATED, end);
                c = number();
            }
            at = value;
            skip(DUE, end);
            stream.onUpdate(symbol, q, c, number(), nowNs);
        }
    }

    public void images(final SubscriptionStats stream) {
        final int head = at;
        final boolean isLast = skip(LAST, Math.min(end, at + HEAD_BYTES));
        at = head;
        skip(DATA, at + HEAD_BYTES);
        while (skip(SYMBOL, end)) {
            final int symbol = (int) number();
            skip(SEQUENCE, end);
            stream.onImage(symbol, number());
        }
        stream.isSnapshotDone |= isLast;
    }

    /** A bare frame of the feed. */
    public long dueNs() {
        return skip(DUE, end) ? number() : -1;
    }

    /** Goes behind the next {@code what}; false, and nowhere, when there is none before {@code limit}. */
    private boolean skip(final byte[] what, final int limit) {
        final int last = Math.min(limit, end) - what.length;
        for (int i = at; i <= last; i++) {
            int same = 0;
            while (same < what.length && bytes[i + same] == what[same]) {
                same++;
            }
            if (same == what.length) {
                at = i + same;
                return true;
            }
        }
        return false;
    }

    private long number() {
        long value = 0;
        while (bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at++] - '0';
        }
        return value;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
