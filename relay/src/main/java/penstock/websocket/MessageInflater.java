package penstock.websocket;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The receiving half of permessage-deflate (RFC 7692) for one connection. Uses 4 KiB of heap and about 40 KB of zlib's
 * native memory until {@link #close()}.
 *
 * <p>Owned by the connection's io thread.
 */
public final class MessageInflater implements AutoCloseable {
    /** Heap and native memory of one. */
    static final int MEMORY_BYTES = 44 * 1024;

    /** Output per step: a decompression bomb is detected at most this many bytes beyond the limit. */
    private static final int STEP_BYTES = 4096;

    /** The empty stored block that the sender removed from the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Inflater inflater = new Inflater(true);
    private final byte[] input = new byte[STEP_BYTES];
    private final boolean contextTakeover;
    private final int inflatedBytes;
    private byte[] source = input;
    private int sourceEnd;
    private boolean empty = true;

    /**
     * {@code contextTakeover}: the sender continues with the window of its last message, unless
     * {@code server_no_context_takeover} was negotiated. {@code inflatedBytes}: the largest message; a larger one ends
     * the connection with 1009.
     */
    public MessageInflater(final boolean contextTakeover, final int inflatedBytes) {
        if (inflatedBytes < 1 || inflatedBytes > 1 << 30) {
            throw new IllegalArgumentException("inflatedBytes must be 1 to " + (1 << 30) + ", got " + inflatedBytes);
        }
        this.contextTakeover = contextTakeover;
        this.inflatedBytes = inflatedBytes;
    }

    /** Frees the native memory. Its parser must not be used any more. */
    @Override
    public void close() {
        inflater.end();
    }

    /** The next message may refer to the first {@code length} bytes of {@code earlier} messages. */
    void continueAfter(final byte[] earlier, final int length) {
        // a raw deflate stream takes a dictionary at any time (zlib.h, inflateSetDictionary)
        inflater.setDictionary(earlier, 0, length);
    }

    /** Reads up to {@code count} bytes for {@link #inflate}; returns how many. */
    int take(final ByteBuffer from, final int count, final int mask, final int phase) {
        final int taken = Math.min(count, input.length);
        from.get(input, 0, taken);
        if (mask != 0) {
            Unmask.apply(input, 0, taken, mask, phase);
        }
        setInput(input, taken);
        empty = false;
        return taken;
    }

    /** Restores the end that the sender removed. A message without any byte has no end to restore. */
    void takeTail() {
        if (!empty) {
            setInput(TAIL, TAIL.length);
        }
    }

    /** Appends one inflated step to the message in {@code memory}; returns its bytes, 0 if more input is needed. */
    int inflate(final MessageMemory memory) throws ProtocolException {
        final int room = inflatedBytes + 1 - memory.messageBytes();
        memory.reserve(Math.min(room, STEP_BYTES));
        try {
            final int count = inflateSome(memory.bytes(), memory.end(), Math.min(room, memory.room()));
            memory.addMessage(count);
            if (memory.messageBytes() > inflatedBytes) {
                throw ProtocolException.tooLarge("a compressed message inflates to more than " + inflatedBytes
                    + " bytes");
            }
            return count;
        } catch (final DataFormatException e) {
            throw ProtocolException.badData("a compressed message does not inflate");
        }
    }

    /** The message is complete. */
    void end() {
        empty = true;
        if (!contextTakeover) {
            inflater.reset();
        }
    }

    private void setInput(final byte[] bytes, final int length) {
        source = bytes;
        sourceEnd = length;
        inflater.setInput(bytes, 0, length);
    }

    /** A sender may end its stream with a last block; data after it in the same message starts a new stream. */
    private int inflateSome(final byte[] target, final int offset, final int length) throws DataFormatException {
        int count = inflater.inflate(target, offset, length);
        while (count == 0 && inflater.finished() && inflater.getRemaining() > 0) {
            final int left = inflater.getRemaining();
            inflater.reset();
            inflater.setInput(source, sourceEnd - left, left);
            count = inflater.inflate(target, offset, length);
        }
        return count;
    }
}
