package penstock.link.bus;

import java.util.Arrays;
import penstock.link.message.BadMessageException;

/**
 * Takes payloads of the bus apart into the texts and envelopes of the relay, of which one may take several payloads.
 * Owned by the feed thread.
 */
final class BusFrames {
    /** Takes what is in them, in order; the bytes are valid during the call. */
    interface Sink {
        /** A text message. */
        void onText(byte[] buffer, int offset, int length);

        /** A binary message. */
        void onBinary(byte[] buffer, int offset, int length);
    }

    private static final int HEADER_BYTES = 5;
    private static final byte[] NOTHING = {};
    private static final int TEXT = 1;
    private static final int BINARY = 2;

    private final long maxBytes;
    private byte[] begun = NOTHING;
    private int length;

    /** {@code maxBytes}: the longest that several payloads may be together. */
    BusFrames(final long maxBytes) {
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
    }

    /** Drops what is unfinished. */
    void clear() {
        begun = NOTHING;
        length = 0;
    }

    /** Reads a payload. */
    void read(final byte[] payload, final boolean isUnfinished, final Sink sink) {
        if (length == 0 && !isUnfinished) {
            read(payload, payload.length, sink);
            return;
        }
        if (length + (long) payload.length > maxBytes) {
            throw new BadMessageException("a message of the bus has more than " + maxBytes + " bytes");
        }
        if (length + payload.length > begun.length) {
            begun = Arrays.copyOf(begun, (int) Math.min(maxBytes, 2L * (length + payload.length)));
        }
        System.arraycopy(payload, 0, begun, length, payload.length);
        length += payload.length;
        if (!isUnfinished) {
            final byte[] whole = begun;
            final int end = length;
            clear();
            read(whole, end, sink);
        }
    }

    private static void read(final byte[] bytes, final int end, final Sink sink) {
        int at = 0;
        while (at < end) {
            final int size = end - at < HEADER_BYTES ? -1 : bytes[at + 1] & 0xff | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff) << 16 | bytes[at + 4] << 24;
            if (size < 0 || size > end - at - HEADER_BYTES) {
                throw new BadMessageException("a message of the bus ends early, at byte " + at);
            }
            switch (bytes[at]) {
                case TEXT -> sink.onText(bytes, at + HEADER_BYTES, size);
                case BINARY -> sink.onBinary(bytes, at + HEADER_BYTES, size);
                default -> throw new BadMessageException("a message of the bus has something of kind " + bytes[at]
                    + ", at byte " + at);
            }
            at += HEADER_BYTES + size;
        }
    }
}
