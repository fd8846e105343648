package penstock.server.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * Compresses each message once: sessions that are sent the same bytes share the compressed ones. To that end the last
 * 512 KiB of messages, plain and compressed, are kept; the memory is allocated with the first session that needs it.
 * Owned by the shard's io thread; one for all its sessions.
 */
public final class SharedFrameCompressor {
    /** Shorter messages are not compressed: one quote shrinks by a third and stays one packet, for 6 us of zlib. */
    public static final int MIN_BYTES = 256;
    /** Longer messages are not compressed: one would occupy the io thread for a slice of 3 ms. */
    public static final int MAX_BYTES = 128 * 1024;

    /** With 6, quotes become smaller by another twentieth (500 B) to sixth (8 KB), in up to twice the time. */
    private static final int LEVEL = 1;
    private static final int KEPT_BYTES = 512 * 1024;
    private static final int SLOTS = 256;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final Counters counters;
    private MessageDeflater deflater;
    private byte[] kept;
    /** A compressed message within {@code kept}. */
    private ByteBuffer compressed;
    /** Where the next message is kept: a position that only grows; its place in the ring is the remainder. */
    private long end;
    private long[] hashes;
    private long[] positions;
    private int[] plainBytes;
    private int[] deflatedBytes;
    private int slot;

    /** {@code counters}: of the shard. */
    public SharedFrameCompressor(final Counters counters) {
        this.counters = counters;
    }

    /**
     * Compresses the first {@code length} bytes as one message.
     *
     * @param windowBits the window that the client has, 8 to 15
     * @return the compressed message on the heap, valid until the next call; null if the message is to be sent as it is
     */
    public ByteBuffer compress(final byte[] plain, final int length, final int windowBits) {
        if (length < MIN_BYTES || length > MAX_BYTES) {
            return null;
        }
        if (deflater == null) {
            begin();
        }
        // a window that holds all of the message is as good as any larger one
        final int bits = Math.min(windowBits, Integer.SIZE - Integer.numberOfLeadingZeros(length - 1));
        final long hash = hash(plain, length) * MIX + bits;
        slot = (int) (hash * MIX >>> 56);
        if (isKept(hash, plain, length)) {
            if (deflatedBytes[slot] > 0) {
                counters.increment(Counter.FRAMES_SHARED);
            }
        } else {
            keep(hash, plain, length, bits);
        }
        if (deflatedBytes[slot] == 0) {
            return null;
        }
        counters.increment(Counter.FRAMES_DEFLATED);
        counters.add(Counter.DEFLATE_BYTES_IN, length);
        counters.add(Counter.DEFLATE_BYTES_OUT, deflatedBytes[slot]);
        final int begin = (int) (positions[slot] % KEPT_BYTES) + length;
        return compressed.limit(begin + deflatedBytes[slot]).position(begin);
    }

    private void begin() {
        deflater = new MessageDeflater(LEVEL);
        kept = new byte[KEPT_BYTES];
        compressed = ByteBuffer.wrap(kept);
        hashes = new long[SLOTS];
        positions = new long[SLOTS];
        plainBytes = new int[SLOTS];
        deflatedBytes = new int[SLOTS];
        end = KEPT_BYTES;
        Arrays.fill(positions, -1);
    }

    private boolean isKept(final long hash, final byte[] plain, final int length) {
        final long position = positions[slot];
        if (hashes[slot] != hash || plainBytes[slot] != length || position < end - KEPT_BYTES) {
            return false;
        }
        final int at = (int) (position % KEPT_BYTES);
        return Arrays.equals(kept, at, at + length, plain, 0, length);
    }

    /** A message that does not shrink is kept too, with 0 compressed bytes. */
    private void keep(final long hash, final byte[] plain, final int length, final int bits) {
        final int max = 2 * length + MessageDeflater.TAIL_BYTES;
        final int at = (int) (end % KEPT_BYTES);
        final long position = at + max <= KEPT_BYTES ? end : end - at + KEPT_BYTES;
        final int place = (int) (position % KEPT_BYTES);
        System.arraycopy(plain, 0, kept, place, length);
        deflatedBytes[slot] = deflater.deflate(plain, 0, length, bits, kept, place + length);
        hashes[slot] = hash;
        positions[slot] = position;
        plainBytes[slot] = length;
        // as far as zlib may have written: older messages there are lost
        end = deflatedBytes[slot] == 0 ? position + max : position + length + deflatedBytes[slot]
            + MessageDeflater.TAIL_BYTES;
    }

    private static long hash(final byte[] bytes, final int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = Long.rotateLeft((hash ^ (long) LONGS.get(bytes, i)) * MIX, 29);
        }
        for (; i < length; i++) {
            hash = (hash ^ bytes[i]) * MIX;
        }
        return hash ^ hash >>> 32;
    }
}
