package penstock.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * XOR with the four bytes of a mask, eight bytes at a time. The mask is the big-endian number on the wire. Stateless:
 * any thread.
 */
final class Unmask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Unmask() {
    }

    /** Unmasks (or masks) in place; {@code phase} is the number of payload bytes before {@code offset}. */
    static void apply(final byte[] bytes, final int offset, final int length, final int mask, final int phase) {
        int rotated = Integer.rotateLeft(mask, (phase & 3) << 3);
        final long wide = wide(rotated);
        final int end = offset + length;
        int i = offset;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
        }
        for (; i < end; i++) {
            bytes[i] ^= (byte) (rotated >>> 24);
            rotated = Integer.rotateLeft(rotated, 8);
        }
    }

    /** Writes {@code source} masked, without changing it. */
    static void put(final ByteBuffer target, final byte[] source, final int offset, final int length, final int mask) {
        final ByteOrder order = target.order();
        target.order(ByteOrder.BIG_ENDIAN);
        final long wide = wide(mask);
        final int end = offset + length;
        int i = offset;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            target.putLong((long) LONGS.get(source, i) ^ wide);
        }
        int rotated = mask;
        for (; i < end; i++) {
            target.put((byte) (source[i] ^ rotated >>> 24));
            rotated = Integer.rotateLeft(rotated, 8);
        }
        target.order(order);
    }

    private static long wide(final int mask) {
        return (long) mask << 32 | mask & 0xffff_ffffL;
    }
}
