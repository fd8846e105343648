package penstock.book;

import java.util.Arrays;
import penstock.ring.LevelBuffer;
import penstock.versioned.VersionedEntries;

/**
 * One side of a book: levels sorted best first, each with the version of its last change. A removed level stays as a
 * tombstone without a size. A change in a book of 1,000 levels costs a search and the move of some integers. Owned by
 * the book's thread.
 */
public final class BookSide extends VersionedEntries {
    private static final int LEVELS = 32;
    private static final int TEXT = 32;
    /** Of a level, without its text. */
    private static final int LEVEL_BYTES = 52;
    /** The object and the headers of its arrays. */
    private static final int OBJECT_BYTES = 320;

    private final int side;
    private final int direction;
    private final Price price = new Price();

    private long[] order = new long[LEVELS];
    private long[] digits = new long[LEVELS];
    private short[] priceBytes = new short[LEVELS];
    private short[] sizeBytes = new short[LEVELS];
    /** Price and size of each slot, {@link #stride} bytes apart. */
    private byte[] text = new byte[LEVELS * TEXT];
    private int stride = TEXT;

    BookSide(final int side, final boolean prunes) {
        super(LEVELS, prunes);
        this.side = side;
        direction = side == LevelBuffer.BID ? -1 : 1;
    }

    /** {@link LevelBuffer#BID} or {@link LevelBuffer#ASK}. */
    public int side() {
        return side;
    }

    /** The bytes of prices and sizes; valid until the next change. */
    public byte[] text() {
        return text;
    }

    /** Where the price begins in {@link #text()}. */
    public int priceOffset(final int level) {
        return level * stride;
    }

    /** Bytes of the price. */
    public int priceLength(final int level) {
        return priceBytes[level];
    }

    /** Where the size begins in {@link #text()}. */
    public int sizeOffset(final int level) {
        return level * stride + priceBytes[level];
    }

    /** Bytes of the size; 0 of a tombstone. */
    public int sizeLength(final int level) {
        return isLive(level) ? sizeBytes[level] : 0;
    }

    /** Bytes of heap now. */
    long bytes() {
        return OBJECT_BYTES + capacity() * (LEVEL_BYTES + (long) stride);
    }

    /** Bytes of heap of the best {@code depth} levels of a side, at most. */
    static long bytes(final BookSide side, final int depth) {
        final int levels = Math.max(LEVELS, 2 * Math.min(depth, side.live()));
        return OBJECT_BYTES + levels * (LEVEL_BYTES + (long) side.stride);
    }

    /** An upper bound of the bytes of all levels. */
    long maxBytes() {
        return count() * (stride + 3L);
    }

    /** Sets a level; {@code round} is the number of the update. An equal size is no change. */
    void set(final byte[] source, final int priceAt, final int priceCount, final int sizeAt, final int sizeCount,
            final long version, final int round) {
        final int place = find(source, priceAt, priceCount);
        final int slot = place >= 0 ? slot(place) : insertLevel(~place, version);
        if (place >= 0 && isSame(slot, source, priceAt, priceCount, sizeAt, sizeCount)) {
            keep(slot, round);
            return;
        }
        write(slot, source, priceAt, priceCount, sizeAt, sizeCount);
        change(slot, version, round);
    }

    /** Removes a level, if it exists. */
    void remove(final byte[] source, final int priceAt, final int priceCount, final long version) {
        final int place = find(source, priceAt, priceCount);
        if (place >= 0) {
            remove(slot(place), version);
        }
    }

    /** Removes a level, and leaves a tombstone even if it does not exist here: a shard's book may have it. */
    void removeUnseen(final byte[] source, final int priceAt, final int priceCount) {
        final int place = find(source, priceAt, priceCount);
        if (place >= 0) {
            remove(slot(place), 0);
        } else {
            write(insertLevel(~place, 0), source, priceAt, priceCount, 0, 0);
        }
    }

    /** Below 0 when a level ranks before a level of the same side of another book, 0 when their prices are equal. */
    int compare(final int level, final BookSide other, final int otherLevel) {
        return compare(level, other.order[otherLevel], other.digits[otherLevel], other.text,
            other.priceOffset(otherLevel), other.priceBytes[otherLevel]);
    }

    /** The first place of a level that ranks behind a level of the same side of another book. */
    int placeBehind(final BookSide other, final int otherLevel) {
        int low = 0;
        int high = count();
        while (low < high) {
            final int middle = low + high >>> 1;
            if (compare(slot(middle), other, otherLevel) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Copies a level, or its removal, from another book. */
    void copyFrom(final BookSide other, final int level, final long version, final int round) {
        final int at = other.priceOffset(level);
        if (other.isLive(level)) {
            set(other.text, at, other.priceBytes[level], other.sizeOffset(level), other.sizeBytes[level], version,
                round);
        } else {
            remove(other.text, at, other.priceBytes[level], version);
        }
    }

    /** The last of the live levels; there must be one. */
    int worst() {
        int place = count() - 1;
        while (!isLive(slot(place))) {
            place--;
        }
        return slot(place);
    }

    @Override
    protected void grow(final int size) {
        super.grow(size);
        order = Arrays.copyOf(order, size);
        digits = Arrays.copyOf(digits, size);
        priceBytes = Arrays.copyOf(priceBytes, size);
        sizeBytes = Arrays.copyOf(sizeBytes, size);
        text = Arrays.copyOf(text, size * stride);
    }

    /** The place of a price, or the complement of the place where it belongs. */
    private int find(final byte[] source, final int priceAt, final int priceCount) {
        if (!price.parse(source, priceAt, priceCount)) {
            throw new IllegalArgumentException("price is not a number");
        }
        int low = 0;
        int high = count() - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            final int compared = compare(slot(middle), price.order, price.digits, price.buffer, price.offset,
                price.length);
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return ~low;
    }

    /** Below 0 when the level ranks before a price. */
    private int compare(final int slot, final long otherOrder, final long otherDigits, final byte[] source,
            final int from, final int length) {
        if (order[slot] != otherOrder) {
            return order[slot] < otherOrder ? -direction : direction;
        }
        if (digits[slot] != otherDigits) {
            return digits[slot] < otherDigits ? -direction : direction;
        }
        final int rest = Price.compareRest(text, slot * stride, priceBytes[slot], source, from, length);
        return otherOrder < 0 ? -rest * direction : rest * direction;
    }

    /** Inserts a level of the price that was parsed last. */
    private int insertLevel(final int place, final long version) {
        final int slot = insert(place, version);
        order[slot] = price.order;
        digits[slot] = price.digits;
        return slot;
    }

    private boolean isSame(final int slot, final byte[] source, final int priceAt, final int priceCount,
            final int sizeAt, final int sizeCount) {
        final int start = slot * stride;
        final int middle = start + priceBytes[slot];
        return isLive(slot)
            && Arrays.equals(text, middle, middle + sizeBytes[slot], source, sizeAt, sizeAt + sizeCount)
            && Arrays.equals(text, start, middle, source, priceAt, priceAt + priceCount);
    }

    private void write(final int slot, final byte[] source, final int priceAt, final int priceCount, final int sizeAt,
            final int sizeCount) {
        if (priceCount + sizeCount > stride) {
            widen(priceCount + sizeCount);
        }
        System.arraycopy(source, priceAt, text, slot * stride, priceCount);
        System.arraycopy(source, sizeAt, text, slot * stride + priceCount, sizeCount);
        priceBytes[slot] = (short) priceCount;
        sizeBytes[slot] = (short) sizeCount;
    }

    private void widen(final int needed) {
        final int wider = Integer.highestOneBit(needed - 1) * 2;
        final byte[] wide = new byte[capacity() * wider];
        for (int slot = 0; slot < capacity(); slot++) {
            System.arraycopy(text, slot * stride, wide, slot * wider, stride);
        }
        text = wide;
        stride = wider;
    }
}
