package penstock.websocket;

import java.util.Arrays;

/**
 * The end of a connection's inflated messages, to which its next compressed message may refer (RFC 7692, 7.2.3.2). It
 * replaces the inflater that zlib would keep for each connection: 44 KiB, where requests of some hundred bytes are all
 * that a client sends. Grows with what arrived, to at most the window. Owned by its parser.
 */
final class InflateHistory {
    private static final int MIN_BYTES = 256;

    private final int windowBytes;
    private final PartialMemory partial;
    private byte[] bytes = {};
    private int length;

    /** {@code partial} accounts its memory. */
    InflateHistory(final int windowBytes, final PartialMemory partial) {
        this.windowBytes = windowBytes;
        this.partial = partial;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The first {@code count} bytes of {@code message} were sent compressed. */
    void append(final byte[] message, final int count) throws ProtocolException {
        final int added = Math.min(count, windowBytes);
        final int kept = Math.min(length, windowBytes - added);
        if (kept + added > bytes.length) {
            grow(kept + added);
        }
        System.arraycopy(bytes, length - kept, bytes, 0, kept);
        System.arraycopy(message, count - added, bytes, kept, added);
        length = kept + added;
    }

    void release() {
        partial.release(bytes.length);
        bytes = new byte[0];
        length = 0;
    }

    private void grow(final int needed) throws ProtocolException {
        final int size = Math.min(windowBytes, Math.max(MIN_BYTES, 2 * needed));
        if (!partial.tryReserve(size - bytes.length)) {
            throw ProtocolException.noMemory();
        }
        bytes = Arrays.copyOf(bytes, size);
    }
}
