package penstock.venue.rule;

import java.util.Arrays;

/**
 * A hash table keyed by bytes. Look-up makes no garbage. Open addressing, at most half full. {@code put} copies its
 * key.
 *
 * Owned by one thread.
 *
 * @param <V> type of the values
 */
public final class ByteTable<V> {
    private static final int MIN_CAPACITY = 16;

    private byte[][] keys = new byte[MIN_CAPACITY][];
    private Object[] values = new Object[MIN_CAPACITY];
    private int size;

    /** The value of a key, or null. */
    public V get(final ByteSlice key) {
        return get(key.bytes(), key.offset(), key.length());
    }

    /** The value of a key, or null. */
    @SuppressWarnings("unchecked")
    public V get(final byte[] bytes, final int offset, final int length) {
        return (V) values[slot(bytes, offset, length)];
    }

    /** Puts a value; it replaces an earlier value of the same key. */
    public void put(final ByteSlice key, final V value) {
        put(key.bytes(), key.offset(), key.length(), value);
    }

    /** Puts a value; it replaces an earlier value of the same key. */
    public void put(final byte[] bytes, final int offset, final int length, final V value) {
        final int slot = slot(bytes, offset, length);
        values[slot] = value;
        if (keys[slot] == null) {
            keys[slot] = Arrays.copyOfRange(bytes, offset, offset + length);
            size++;
            if (size * 2 > keys.length) {
                grow();
            }
        }
    }

    /** Removes a key. */
    public void remove(final ByteSlice key) {
        int hole = slot(key.bytes(), key.offset(), key.length());
        if (keys[hole] == null) {
            return;
        }
        size--;
        final int mask = keys.length - 1;
        int at = hole;
        while (true) {
            at = at + 1 & mask;
            if (keys[at] == null) {
                break;
            }
            // an entry moves into the hole, unless it would then precede the position where its search begins
            final int home = hash(keys[at], 0, keys[at].length) & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                hole = at;
            }
        }
        keys[hole] = null;
        values[hole] = null;
    }

    /** Removes all keys. */
    public void clear() {
        Arrays.fill(keys, null);
        Arrays.fill(values, null);
        size = 0;
    }

    /** Number of keys. */
    public int size() {
        return size;
    }

    private int slot(final byte[] bytes, final int offset, final int length) {
        final int mask = keys.length - 1;
        int slot = hash(bytes, offset, length) & mask;
        while (keys[slot] != null && !Arrays.equals(keys[slot], 0, keys[slot].length, bytes, offset, offset + length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        final byte[][] oldKeys = keys;
        final Object[] oldValues = values;
        keys = new byte[oldKeys.length * 2][];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != null) {
                final int slot = slot(oldKeys[i], 0, oldKeys[i].length);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private static int hash(final byte[] bytes, final int offset, final int length) {
        int hash = 0x811c9dc5;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        return hash ^ hash >>> 15;
    }
}
