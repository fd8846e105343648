package penstock.server.deflate;

import java.util.zip.Deflater;

/**
 * The sending half of permessage-deflate (RFC 7692) without context takeover: messages are independent, so one deflater
 * serves all connections of a thread. Uses about 270 KB of native memory until {@link #close()}. Owned by one thread.
 */
final class MessageDeflater implements AutoCloseable {
    /** The empty stored block that zlib writes at a flush; the sender removes it from the end of a message. */
    static final int TAIL_BYTES = 4;

    private final Deflater deflater;

    /** {@code level}: 1, the quickest, to 9. */
    public MessageDeflater(final int level) {
        deflater = new Deflater(level, true);
    }

    /**
     * Compresses a message into {@code target}; returns the bytes written, or 0 if the message does not shrink. An
     * empty message never does.
     * {@code target} needs room for {@code length} and {@link #TAIL_BYTES} after {@code at}.
     *
     * <p>zlib's window here is always 15 bits. A full flush after every 2^windowBits bytes emulates a smaller window:
     * data after a flush refers to nothing before it, so no distance exceeds a piece. This also supports 8 bits, which
     * zlib itself does not.
     */
    public int deflate(final byte[] source, final int offset, final int length, final int windowBits,
            final byte[] target, final int at) {
        final int piece = 1 << windowBits;
        final int end = at + length + TAIL_BYTES;
        int out = at;
        for (int done = 0; done < length; done += piece) {
            deflater.setInput(source, offset + done, Math.min(piece, length - done));
            // the full flush after the last piece also clears the window, like reset(), and aligns the next message to
            // a byte
            out += deflater.deflate(target, out, end - out, Deflater.FULL_FLUSH);
            if (out == end) {
                // the target is full, so the output may be incomplete
                deflater.reset();
                return 0;
            }
        }
        final int written = out - at - TAIL_BYTES;
        return length > 0 && written < length ? written : 0;
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        deflater.end();
    }
}
