package penstock.topic;

import java.util.Arrays;

/**
 * A set of small dense ids: one bit each, and one summary bit per 64 of them, so that an iteration over a sparse set
 * costs what is in it. A block of 4,096 ids without a member takes no memory, so that one large id does not make a set
 * large. Owned by the shard that owns the named objects.
 */
public final class IdSet {
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_WORDS = 64;
    private static final long[] NO_WORDS = {};
    private static final long[][] NO_BLOCKS = {};
    /** The object and its two arrays, which an empty set does not have yet, without their elements. */
    private static final int OBJECT_BYTES = 56;
    private static final int ARRAY_BYTES = 16;
    /** Nothing is ever added to it. */
    static final IdSet EMPTY = new IdSet();

    /** By block: its words, up to the last that was ever used. */
    private long[][] blocks = NO_BLOCKS;
    /** By block: one bit per word that is not 0. */
    private long[] summary = NO_WORDS;
    /** Words that are not 0: an empty set is the most frequent one in a turn. */
    private int used;

    /** This set with {@code id} too, or another one if this is the empty one that is shared. */
    IdSet with(final int id) {
        final IdSet set = this == EMPTY ? new IdSet() : this;
        set.add(id);
        return set;
    }

    /** Adds {@code id}. */
    public void add(final int id) {
        set(id >>> BLOCK_SHIFT, id >>> 6 & BLOCK_WORDS - 1, 1L << id);
    }

    /** Removes {@code id}, if present. */
    public void remove(final int id) {
        final int block = id >>> BLOCK_SHIFT;
        final int word = id >>> 6 & BLOCK_WORDS - 1;
        if (block < blocks.length && word < blocks[block].length) {
            final long before = blocks[block][word];
            final long after = before & ~(1L << id);
            blocks[block][word] = after;
            if (after == 0 && before != 0) {
                summary[block] &= ~(1L << word);
                used--;
            }
        }
    }

    /** Removes {@code id}, if present, and gives the memory of its block back if that is empty. */
    public void removeAndTrim(final int id) {
        remove(id);
        final int block = id >>> BLOCK_SHIFT;
        if (block < blocks.length && summary[block] == 0) {
            blocks[block] = NO_WORDS;
        }
    }

    /** True if {@code id} is in the set. */
    public boolean contains(final int id) {
        final int block = id >>> BLOCK_SHIFT;
        final int word = id >>> 6 & BLOCK_WORDS - 1;
        return block < blocks.length && word < blocks[block].length && (blocks[block][word] & 1L << id) != 0;
    }

    /** True if the set is empty. */
    public boolean isEmpty() {
        return used == 0;
    }

    /** True if there are two ids or more. */
    public boolean hasSeveral() {
        if (used != 1) {
            return used > 1;
        }
        int block = 0;
        while (summary[block] == 0) {
            block++;
        }
        final long ids = blocks[block][Long.numberOfTrailingZeros(summary[block])];
        return (ids & ids - 1) != 0;
    }

    /** Number of ids. */
    public int size() {
        int size = 0;
        for (final long[] words : blocks) {
            for (final long w : words) {
                size += Long.bitCount(w);
            }
        }
        return size;
    }

    /** The smallest id that is at least {@code from}; -1 if there is none. */
    public int next(final int from) {
        int block = from >>> BLOCK_SHIFT;
        if (used == 0 || block >= blocks.length) {
            return -1;
        }
        int word = from >>> 6 & BLOCK_WORDS - 1;
        final long rest = word < blocks[block].length ? blocks[block][word] & -1L << from : 0;
        if (rest != 0) {
            return (block * BLOCK_WORDS + word << 6) + Long.numberOfTrailingZeros(rest);
        }
        long left = word == BLOCK_WORDS - 1 ? 0 : summary[block] & -1L << word + 1;
        while (left == 0) {
            if (++block >= summary.length) {
                return -1;
            }
            left = summary[block];
        }
        word = Long.numberOfTrailingZeros(left);
        return (block * BLOCK_WORDS + word << 6) + Long.numberOfTrailingZeros(blocks[block][word]);
    }

    /** Adds every id that is in both {@code a} and {@code b}. The cost depends on the sparser summary. */
    public void addIntersection(final IdSet a, final IdSet b) {
        final int end = Math.min(a.summary.length, b.summary.length);
        for (int block = 0; block < end; block++) {
            final long both = a.summary[block] & b.summary[block];
            if (both != 0) {
                final long[] target = words(block, Long.SIZE - 1 - Long.numberOfLeadingZeros(both));
                final long found = intersect(target, a.blocks[block], b.blocks[block], both);
                used += Long.bitCount(found & ~summary[block]);
                summary[block] |= found;
            }
        }
    }

    /** Adds what is in both of two blocks, in the words of {@code candidates}; returns the words that have any. */
    private static long intersect(final long[] target, final long[] a, final long[] b, final long candidates) {
        long found = 0;
        for (long left = candidates; left != 0; left &= left - 1) {
            final int word = Long.numberOfTrailingZeros(left);
            final long ids = a[word] & b[word];
            target[word] |= ids;
            found |= ids == 0 ? 0 : 1L << word;
        }
        return found;
    }

    /** Bytes of heap that the set takes, or will with its first id. */
    public long bytes() {
        long bytes = OBJECT_BYTES + Math.max(1, blocks.length) * 12L;
        for (final long[] words : blocks) {
            bytes += words == NO_WORDS ? 0 : ARRAY_BYTES + words.length * 8L;
        }
        return bytes;
    }

    /** Bytes of heap that the set takes more with {@code id}, at most. */
    public long growth(final int id) {
        final int block = id >>> BLOCK_SHIFT;
        final int word = id >>> 6 & BLOCK_WORDS - 1;
        final boolean isLargeEnough = block < blocks.length && word < blocks[block].length;
        return isLargeEnough ? 0 : ARRAY_BYTES + 8L * Math.min(BLOCK_WORDS, 2 * word + 2)
            + 12L * Math.max(0, 2 * (block + 1) - Math.max(1, blocks.length));
    }

    /** {@link #growth} of an empty set: no set takes more. */
    public static long maxGrowth(final int id) {
        return EMPTY.growth(id);
    }

    private void set(final int block, final int word, final long ids) {
        final long[] words = words(block, word);
        if (words[word] == 0) {
            summary[block] |= 1L << word;
            used++;
        }
        words[word] |= ids;
    }

    /** The words of a block, with room for {@code word}. */
    private long[] words(final int block, final int word) {
        if (block < blocks.length && word < blocks[block].length) {
            return blocks[block];
        }
        if (block >= blocks.length) {
            final int size = blocks.length;
            blocks = Arrays.copyOf(blocks, Math.max(size * 2, block + 1));
            Arrays.fill(blocks, size, blocks.length, NO_WORDS);
            summary = Arrays.copyOf(summary, blocks.length);
        }
        final int length = Math.max(blocks[block].length * 2, word + 1);
        blocks[block] = Arrays.copyOf(blocks[block], Math.min(BLOCK_WORDS, length));
        return blocks[block];
    }
}
