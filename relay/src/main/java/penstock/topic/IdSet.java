package penstock.topic;

import java.util.Arrays;

/**
 * A set of small dense ids: one bit each, and one summary bit per 64 of them, so that an iteration over a sparse set
 * costs what is in it. 10,000 ids are 157 words and 3 of summary. Owned by the shard that owns the named objects.
 */
public final class IdSet {
    private long[] words = new long[1];
    private long[] summary = new long[1];

    /** Adds {@code id}. */
    public void add(final int id) {
        final int word = id >>> 6;
        if (word >= words.length) {
            grow(word + 1);
        }
        words[word] |= 1L << id;
        summary[word >>> 6] |= 1L << word;
    }

    /** Removes {@code id}, if present. */
    public void remove(final int id) {
        final int word = id >>> 6;
        if (word < words.length) {
            words[word] &= ~(1L << id);
            if (words[word] == 0) {
                summary[word >>> 6] &= ~(1L << word);
            }
        }
    }

    /** True if {@code id} is in the set. */
    public boolean contains(final int id) {
        final int word = id >>> 6;
        return word < words.length && (words[word] & 1L << id) != 0;
    }

    /** True if the set is empty. */
    public boolean isEmpty() {
        for (final long s : summary) {
            if (s != 0) {
                return false;
            }
        }
        return true;
    }

    /** Number of ids. */
    public int size() {
        int size = 0;
        for (final long w : words) {
            size += Long.bitCount(w);
        }
        return size;
    }

    /** The smallest id that is at least {@code from}; -1 if there is none. */
    public int next(final int from) {
        int word = from >>> 6;
        if (word >= words.length) {
            return -1;
        }
        final long rest = words[word] & -1L << from;
        if (rest != 0) {
            return (word << 6) + Long.numberOfTrailingZeros(rest);
        }
        word++;
        int block = word >>> 6;
        if (block >= summary.length) {
            return -1;
        }
        long blocks = summary[block] & -1L << word;
        while (blocks == 0) {
            if (++block >= summary.length) {
                return -1;
            }
            blocks = summary[block];
        }
        word = (block << 6) + Long.numberOfTrailingZeros(blocks);
        return (word << 6) + Long.numberOfTrailingZeros(words[word]);
    }

    /** Adds every id that is in both {@code a} and {@code b}. The cost depends on the sparser summary. */
    public void addIntersection(final IdSet a, final IdSet b) {
        final int blocks = Math.min(a.summary.length, b.summary.length);
        for (int block = 0; block < blocks; block++) {
            for (long both = a.summary[block] & b.summary[block]; both != 0; both &= both - 1) {
                final int word = (block << 6) + Long.numberOfTrailingZeros(both);
                final long ids = a.words[word] & b.words[word];
                if (ids != 0) {
                    if (word >= words.length) {
                        grow(word + 1);
                    }
                    words[word] |= ids;
                    summary[word >>> 6] |= 1L << word;
                }
            }
        }
    }

    private void grow(final int needed) {
        words = Arrays.copyOf(words, Math.max(words.length * 2, needed));
        summary = Arrays.copyOf(summary, words.length + 63 >>> 6);
    }
}
