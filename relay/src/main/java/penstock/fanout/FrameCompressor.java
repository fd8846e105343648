package penstock.fanout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.websocket.MessageDeflater;
import penstock.wire.MessageBuffer;

/**
 * Compresses frames, each once: who is sent the same bytes gets the same compressed ones. The last 512 KiB of frames,
 * plain and compressed, are kept to that end; all of it comes with the first session that asks for it. Owned by the
 * shard; one for all its sessions.
 */
final class FrameCompressor {
    /**
     * A message of one quote shrinks by a third and stays one packet, for 6 us of zlib: what is shorter goes as it is.
     */
    static final int MIN_BYTES = 256;
    /** Above it one frame would hold the io thread for a slice of 3 ms. */
    static final int MAX_BYTES = 128 * 1024;

    /** With 6, quotes become smaller by another twentieth (500 B) to sixth (8 KB), in up to twice the time. */
    private static final int LEVEL = 1;
    private static final int KEPT_BYTES = 512 * 1024;
    private static final int SLOTS = 256;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final Counters counters;
    private final MessageBuffer joined = new MessageBuffer(0);
    private MessageDeflater deflater;
    private byte[] kept;
    /** Where the next frame is kept, counted from the beginning of time: its place is the rest by the size. */
    private long end;
    private long[] hashes;
    private long[] positions;
    private int[] plainBytes;
    private int[] deflatedBytes;
    private int slot;

    FrameCompressor(final Counters counters) {
        this.counters = counters;
    }

    /** Whether a message of so many bytes is tried at all. */
    private static boolean isFit(final int length) {
        return length >= MIN_BYTES && length <= MAX_BYTES;
    }

    /** Compresses two pieces as one message; false when it goes as it is. */
    boolean deflate(final MessageBuffer first, final MessageBuffer second, final int windowBits) {
        final int length = first.length() + second.length();
        if (!isFit(length)) {
            return false;
        }
        joined.clear().put(first.bytes(), 0, first.length()).put(second.bytes(), 0, second.length());
        return deflate(joined.bytes(), length, windowBits);
    }

    /**
     * Compresses the first {@code length} bytes as a message, or finds them compressed; false when they go as they are.
     */
    boolean deflate(final byte[] plain, final int length, final int windowBits) {
        if (!isFit(length)) {
            return false;
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
            return false;
        }
        counters.increment(Counter.FRAMES_DEFLATED);
        counters.add(Counter.DEFLATE_BYTES_IN, length);
        counters.add(Counter.DEFLATE_BYTES_OUT, deflatedBytes[slot]);
        return true;
    }

    /** Where the compressed message lies, from {@link #offset()}, until the next is compressed. */
    byte[] bytes() {
        return kept;
    }

    int offset() {
        return (int) (positions[slot] % KEPT_BYTES) + plainBytes[slot];
    }

    int length() {
        return deflatedBytes[slot];
    }

    private void begin() {
        deflater = new MessageDeflater(LEVEL);
        kept = new byte[KEPT_BYTES];
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

    /** Also keeps that a message does not shrink: with no compressed bytes. */
    private void keep(final long hash, final byte[] plain, final int length, final int bits) {
        final int most = 2 * length + MessageDeflater.TAIL_BYTES;
        final int at = (int) (end % KEPT_BYTES);
        final long position = at + most <= KEPT_BYTES ? end : end - at + KEPT_BYTES;
        final int place = (int) (position % KEPT_BYTES);
        System.arraycopy(plain, 0, kept, place, length);
        deflatedBytes[slot] = deflater.deflate(plain, 0, length, bits, kept, place + length);
        hashes[slot] = hash;
        positions[slot] = position;
        plainBytes[slot] = length;
        // as far as zlib may have written: older frames that lay there are lost
        end = deflatedBytes[slot] == 0 ? position + most : position + length + deflatedBytes[slot]
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
