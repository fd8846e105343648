package penstock.websocket;

import java.util.zip.Deflater;

/**
 * The sending half of permessage-deflate (RFC 7692) without context takeover: each message stands for itself, so one
 * deflater serves all connections of a thread. Holds about 270 KB of native memory until {@link #close()}. Owned by one
 * thread.
 */
public final class MessageDeflater implements AutoCloseable {
    /** What zlib puts behind a flush: an empty stored block, cut off the end of a message. */
    public static final int TAIL_BYTES = 4;

    private final Deflater deflater;

    /** {@code level}: 1, the quickest, to 9. */
    public MessageDeflater(final int level) {
        deflater = new Deflater(level, true);
    }

    /**
     * Compresses a message into {@code target}; returns the bytes put there, or 0 when the message does not shrink.
     * {@code target} needs room for {@code length} and {@link #TAIL_BYTES} behind {@code at}.
     *
     * <p>zlib's window here is always 15 bits. A smaller one is kept by a full flush behind every 2^windowBits bytes:
     * what follows it refers to nothing before it, so no distance is longer than a piece. So is 8, which zlib itself
     * could not do.
     */
    public int deflate(final byte[] source, final int offset, final int length, final int windowBits,
            final byte[] target, final int at) {
        final int piece = 1 << windowBits;
        final int end = at + length + TAIL_BYTES;
        int out = at;
        for (int done = 0; done < length; done += piece) {
            deflater.setInput(source, offset + done, Math.min(piece, length - done));
            // a full flush behind the last piece, too: it forgets all, as reset() would, and the next message begins at
            // a border of bytes
            out += deflater.deflate(target, out, end - out, Deflater.FULL_FLUSH);
            if (out == end) {
                // the room is full, so more may be to come
                deflater.reset();
                return 0;
            }
        }
        return out - at - TAIL_BYTES < length ? out - at - TAIL_BYTES : 0;
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        deflater.end();
    }
}
