package penstock.book;

import java.util.Arrays;
import penstock.ring.LevelBuffer;

/**
 * One side of a book: levels sorted best first, in arrays that are used again, each with the version of its last
 * change. A removed level stays in its place as a tombstone, without a size, so that it can be told as removed; the
 * oldest are pruned beyond a bound. Levels also hang in a list by their last change: what changed since some version is
 * found from its end. A change in a book of 1,000 levels costs a search and the move of some integers. Owned by its
 * book.
 */
public final class BookSide {
    /** No level. */
    public static final int NONE = -1;
    /** Tombstones kept besides one per level: half of them go when there are more. */
    private static final int TOMBSTONES = 64;
    private static final int LEVELS = 32;
    private static final int TEXT = 32;

    private final int side;
    private final boolean prunes;
    private final int direction;
    private final Price price = new Price();
    private int[] sorted = new int[LEVELS];
    private int count;
    private int live;
    private int used;
    private int[] free = new int[LEVELS];
    private int freeCount;
    private int newest = NONE;
    private int oldest = NONE;

    private long[] order = new long[LEVELS];
    private long[] digits = new long[LEVELS];
    private long[] changed = new long[LEVELS];
    private long[] born = new long[LEVELS];
    private int[] older = new int[LEVELS];
    private int[] newer = new int[LEVELS];
    private int[] told = new int[LEVELS];
    private short[] priceBytes = new short[LEVELS];
    private short[] sizeBytes = new short[LEVELS];
    private byte[] text = new byte[LEVELS * TEXT];
    private int stride = TEXT;
    private long pruned;

    BookSide(final int side, final boolean prunes) {
        this.side = side;
        this.prunes = prunes;
        direction = side == LevelBuffer.BID ? -1 : 1;
    }

    /** {@link LevelBuffer#BID} or {@link LevelBuffer#ASK}. */
    public int side() {
        return side;
    }

    /** Levels and tombstones: their places, best first, begin at 0. */
    public int count() {
        return count;
    }

    /** Levels without the tombstones. */
    public int live() {
        return live;
    }

    /** The level at a place; levels are named by a number that stays while they are there. */
    public int level(final int place) {
        return sorted[place];
    }

    /** The level that changed last, tombstones included, or {@link #NONE}. */
    public int newest() {
        return newest;
    }

    /** The level that changed last before that one, or {@link #NONE}. */
    public int older(final int level) {
        return older[level];
    }

    /** Whether it is a level, and no tombstone. */
    public boolean isLive(final int level) {
        return sizeBytes[level] > 0;
    }

    /** The version of the last change of the level. */
    public long changed(final int level) {
        return changed[level];
    }

    /** A version before which the level was not there. */
    public long born(final int level) {
        return born[level];
    }

    /** The bytes of prices and sizes; good until the next change. */
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
        return sizeBytes[level];
    }

    /** The newest version of a pruned tombstone: what changed since an older one is not known any more. */
    public long pruned() {
        return pruned;
    }

    /** The most that its levels can take as bytes. */
    long maxBytes() {
        return count * (stride + 3L);
    }

    void clear() {
        count = 0;
        live = 0;
        used = 0;
        freeCount = 0;
        newest = NONE;
        oldest = NONE;
    }

    /** Sets a level; {@code round} marks it as told in this round. Of a size that is the same nothing changes. */
    void set(final byte[] source, final int priceAt, final int priceCount, final int sizeAt, final int sizeCount,
            final long version,
             final int round) {
        int i = find(source, priceAt, priceCount);
        final boolean isNew = i < 0;
        if (isNew) {
            i = ~i;
            insert(i);
            born[sorted[i]] = version;
        }
        final int slot = sorted[i];
        told[slot] = round;
        if (isNew || !isSame(slot, source, priceAt, priceCount, sizeAt, sizeCount)) {
            live += isNew || sizeBytes[slot] == 0 ? 1 : 0;
            write(slot, source, priceAt, priceCount, sizeAt, sizeCount);
            touch(slot, version);
        }
    }

    /** Removes a level, if it is there. */
    void remove(final byte[] source, final int priceAt, final int priceCount, final long version) {
        final int i = find(source, priceAt, priceCount);
        if (i >= 0) {
            bury(sorted[i], version);
            prune();
        }
    }

    /** Removes a level, and leaves a tombstone even if it is not there. */
    void removeUnseen(final byte[] source, final int priceAt, final int priceCount) {
        final int i = find(source, priceAt, priceCount);
        if (i >= 0) {
            bury(sorted[i], 0);
        } else {
            insert(~i);
            write(sorted[~i], source, priceAt, priceCount, 0, 0);
        }
    }

    /** Removes what was not told in this round. */
    void keepOnly(final int round, final long version) {
        for (int i = 0; i < count; i++) {
            if (told[sorted[i]] != round) {
                bury(sorted[i], version);
            }
        }
        prune();
    }

    /** Below 0 when a level stands before one of the same side of another book, 0 when their prices are the same. */
    int compare(final int level, final BookSide other, final int otherLevel) {
        return compare(level, other.order[otherLevel], other.digits[otherLevel], other.text,
            other.priceOffset(otherLevel),
            other.priceBytes[otherLevel]);
    }

    /** The first place of a level that stands behind a level of the same side of another book. */
    int placeBehind(final BookSide other, final int otherLevel) {
        int low = 0;
        int high = count;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (compare(sorted[middle], other, otherLevel) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Makes a level what it is in another book. */
    void take(final BookSide other, final int level, final long version, final int round) {
        final int at = other.priceOffset(level);
        if (other.isLive(level)) {
            set(other.text, at, other.priceBytes[level], other.sizeOffset(level), other.sizeBytes[level], version,
                round);
        } else {
            final int i = find(other.text, at, other.priceBytes[level]);
            if (i >= 0) {
                bury(sorted[i], version);
            }
        }
    }

    /** The last of the live levels, which there must be. */
    int worst() {
        int i = count - 1;
        while (sizeBytes[sorted[i]] == 0) {
            i--;
        }
        return sorted[i];
    }

    void bury(final int level, final long version) {
        if (sizeBytes[level] > 0) {
            sizeBytes[level] = 0;
            live--;
            touch(level, version);
        }
    }

    void prune() {
        final int tombstones = count - live;
        if (prunes && tombstones > TOMBSTONES + live) {
            pruneOlderHalf(tombstones);
        }
    }

    private void pruneOlderHalf(final int tombstones) {
        int slot = oldest;
        for (int left = tombstones / 2; left > 0; slot = newer[slot]) {
            if (sizeBytes[slot] == 0) {
                pruned = changed[slot];
                left--;
            }
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            slot = sorted[i];
            if (sizeBytes[slot] == 0 && changed[slot] <= pruned) {
                unlink(slot);
                free[freeCount++] = slot;
            } else {
                sorted[kept++] = slot;
            }
        }
        count = kept;
    }

    /** Where that price is, or the complement of where it belongs. */
    private int find(final byte[] source, final int priceAt, final int priceCount) {
        if (!price.parse(source, priceAt, priceCount)) {
            throw new IllegalArgumentException("a price that is no number");
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = low + high >>> 1;
            final int compared = compare(sorted[middle]);
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

    private int compare(final int slot) {
        return compare(slot, price.order, price.digits, price.buffer, price.offset, price.length);
    }

    /** Below 0 when the level stands before a price. */
    private int compare(final int slot, final long otherOrder, final long otherDigits, final byte[] source,
            final int from,
                        final int length) {
        if (order[slot] != otherOrder) {
            return order[slot] < otherOrder ? -direction : direction;
        }
        if (digits[slot] != otherDigits) {
            return digits[slot] < otherDigits ? -direction : direction;
        }
        final int rest = Price.compareRest(text, slot * stride, priceBytes[slot], source, from, length);
        return otherOrder < 0 ? -rest * direction : rest * direction;
    }

    private void insert(final int at) {
        if (count == sorted.length || freeCount == 0 && used == sorted.length) {
            grow();
        }
        final int slot = freeCount > 0 ? free[--freeCount] : used++;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = slot;
        count++;
        order[slot] = price.order;
        digits[slot] = price.digits;
        changed[slot] = 0;
        born[slot] = 0;
        told[slot] = 0;
        link(slot);
    }

    private void touch(final int slot, final long version) {
        changed[slot] = version;
        if (slot != newest) {
            unlink(slot);
            link(slot);
        }
    }

    private void link(final int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(final int slot) {
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
    }

    private boolean isSame(final int slot, final byte[] source, final int priceAt, final int priceCount,
            final int sizeAt,
                           final int sizeCount) {
        final int start = slot * stride;
        final int middle = start + priceBytes[slot];
        return Arrays.equals(text, middle, middle + sizeBytes[slot], source, sizeAt, sizeAt + sizeCount)
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
        final byte[] wide = new byte[sorted.length * wider];
        for (int slot = 0; slot < used; slot++) {
            System.arraycopy(text, slot * stride, wide, slot * wider, stride);
        }
        text = wide;
        stride = wider;
    }

    private void grow() {
        final int size = sorted.length * 2;
        sorted = Arrays.copyOf(sorted, size);
        free = Arrays.copyOf(free, size);
        order = Arrays.copyOf(order, size);
        digits = Arrays.copyOf(digits, size);
        changed = Arrays.copyOf(changed, size);
        born = Arrays.copyOf(born, size);
        older = Arrays.copyOf(older, size);
        newer = Arrays.copyOf(newer, size);
        told = Arrays.copyOf(told, size);
        priceBytes = Arrays.copyOf(priceBytes, size);
        sizeBytes = Arrays.copyOf(sizeBytes, size);
        text = Arrays.copyOf(text, size * stride);
    }
}
