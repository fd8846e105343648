package penstock.client.rows;

import java.util.Arrays;

/**
 * What was noted of a message of rows: of each entry its topic, its numbers, and where its values are. Arrays that grow
 * with the largest message.
 *
 * <p>Owned by the client's thread.
 */
final class RowPlaces {
    private static final int MIN_PLACES = 16;

    String[] symbols = new String[MIN_PLACES];
    long[] sequences = new long[MIN_PLACES];
    long[] conflated = new long[MIN_PLACES];
    /** The venue's time; 0 without one. */
    long[] times = new long[MIN_PLACES];
    /** Null: live. */
    String[] states = new String[MIN_PLACES];
    int[] masks = new int[MIN_PLACES];
    int[] removed = new int[MIN_PLACES];
    /** The first value of each entry. */
    int[] firsts = new int[MIN_PLACES];
    /** Where each value begins and ends. */
    int[] from = new int[MIN_PLACES];
    int[] to = new int[MIN_PLACES];
    private int entries;
    private int values;

    void clear() {
        entries = 0;
        values = 0;
    }

    /** Notes an entry; returns its number. */
    int add(final String symbol, final long q, final long c) {
        if (entries == symbols.length) {
            grow(2 * entries);
        }
        symbols[entries] = symbol;
        sequences[entries] = q;
        conflated[entries] = c;
        times[entries] = 0;
        states[entries] = null;
        removed[entries] = 0;
        firsts[entries] = values;
        return entries++;
    }

    private void grow(final int size) {
        symbols = Arrays.copyOf(symbols, size);
        sequences = Arrays.copyOf(sequences, size);
        conflated = Arrays.copyOf(conflated, size);
        times = Arrays.copyOf(times, size);
        states = Arrays.copyOf(states, size);
        masks = Arrays.copyOf(masks, size);
        removed = Arrays.copyOf(removed, size);
        firsts = Arrays.copyOf(firsts, size);
    }

    /** Notes a value of the newest entry. */
    void addValue(final int first, final int last) {
        if (values == from.length) {
            from = Arrays.copyOf(from, 2 * values);
            to = Arrays.copyOf(to, 2 * values);
        }
        from[values] = first;
        to[values] = last;
        values++;
    }

    /** Number of values of the newest entry, which is {@code entry}. */
    int valuesOf(final int entry) {
        return values - firsts[entry];
    }

    int entries() {
        return entries;
    }
}
