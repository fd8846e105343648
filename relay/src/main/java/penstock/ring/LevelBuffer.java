package penstock.ring;

import java.util.Arrays;

/**
 * Price levels of an order book on their way through the ring, as bytes: side, price, size, digit for digit as the
 * venue sent them. The feed thread writes them into a buffer that it reuses, the shards read them from the payloads of
 * the ring. A level without a size is a removal. Prices and sizes take at most 255 bytes: each is a JSON number, or a
 * JSON string with its quotes, as it stands in the frame and as it goes out. One object writes, another one reads.
 *
 * <pre>
 *   side (1) | price length (1) | price | size length (1) | size
 * </pre>
 *
 * Owned by the thread that writes or reads with it.
 */
public final class LevelBuffer {
    public static final int BID = 0;
    public static final int ASK = 1;
    private static final int MAX_TEXT = 255;

    private byte[] buffer = new byte[1024];
    private int length;

    private int at;
    private int end;
    private int side;
    private int priceOffset;
    private int priceLength;
    private int sizeOffset;
    private int sizeLength;

    /** Removes all levels, before writing. */
    public LevelBuffer clear() {
        length = 0;
        return this;
    }

    /** Adds a level; {@code sizeBytes} 0 removes it. */
    public void add(final int levelSide, final byte[] price, final int priceAt, final int priceBytes,
                    final byte[] size, final int sizeAt, final int sizeBytes) {
        if (priceBytes > MAX_TEXT || sizeBytes > MAX_TEXT) {
            throw new IllegalArgumentException("price or size is longer than " + MAX_TEXT + " bytes");
        }
        final int needed = length + 3 + priceBytes + sizeBytes;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
        }
        buffer[length++] = (byte) levelSide;
        buffer[length++] = (byte) priceBytes;
        System.arraycopy(price, priceAt, buffer, length, priceBytes);
        length += priceBytes;
        buffer[length++] = (byte) sizeBytes;
        System.arraycopy(size, sizeAt, buffer, length, sizeBytes);
        length += sizeBytes;
    }

    /** Reads {@code count} bytes; call {@link #next()} for the first level. */
    public LevelBuffer wrap(final byte[] source, final int offset, final int count) {
        buffer = source;
        at = offset;
        end = offset + count;
        return this;
    }

    /** Moves to the next level; false after the last. */
    public boolean next() {
        if (at == end) {
            return false;
        }
        side = buffer[at++];
        priceLength = buffer[at++] & 0xFF;
        priceOffset = at;
        at += priceLength;
        sizeLength = buffer[at++] & 0xFF;
        sizeOffset = at;
        at += sizeLength;
        return true;
    }

    /** The bytes written or wrapped. */
    public byte[] buffer() {
        return buffer;
    }

    /** Bytes written. */
    public int length() {
        return length;
    }

    /** {@link #BID} or {@link #ASK}. */
    public int side() {
        return side;
    }

    /** Where the price begins in {@link #buffer()}. */
    public int priceOffset() {
        return priceOffset;
    }

    /** Bytes of the price. */
    public int priceLength() {
        return priceLength;
    }

    /** Where the size begins in {@link #buffer()}. */
    public int sizeOffset() {
        return sizeOffset;
    }

    /** Bytes of the size; 0 when the level is removed. */
    public int sizeLength() {
        return sizeLength;
    }

    /** True if the level is a removal. */
    public boolean isRemoval() {
        return sizeLength == 0;
    }
}
