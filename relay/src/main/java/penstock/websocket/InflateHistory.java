package penstock.websocket;

import java.util.Arrays;

/**
 * The end of a connection's inflated messages, to which its next compressed message may refer (RFC 7692, 7.2.3.2). It
 * replaces the inflater that zlib would keep for each connection: 44 KiB, where requests of some hundred bytes are all
 * that a client sends. Grows with what arrived, to at most the window, which counts in full from the beginning. Owned
 * by its parser.
 */
final class InflateHistory {
    private static final byte[] NONE = {};
    private static final int MIN_BYTES = 256;

    private final int windowBytes;
    private final HistoryMemory memory;
    private byte[] bytes = NONE;
    private int length;
    private boolean isReleased;

    InflateHistory(final int windowBytes, final HistoryMemory memory) {
        this.windowBytes = windowBytes;
        this.memory = memory;
        memory.add(windowBytes);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The first {@code count} bytes of {@code message} were sent compressed. */
    void append(final byte[] message, final int count) {
        final int added = Math.min(count, windowBytes);
        final int kept = Math.min(length, windowBytes - added);
        if (kept + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(windowBytes, Math.max(MIN_BYTES, 2 * (kept + added))));
        }
        System.arraycopy(bytes, length - kept, bytes, 0, kept);
        System.arraycopy(message, count - added, bytes, kept, added);
        length = kept + added;
    }

    /** The connection reads nothing more. */
    void release() {
        if (!isReleased) {
            isReleased = true;
            bytes = NONE;
            length = 0;
            memory.remove(windowBytes);
        }
    }
}
