package penstock.client.value;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * One side of an order book, best price first. Prices are equal, and in order, as decimal numbers: exactly, where a
 * double cannot tell them apart, and with any zeros at their ends. Level 0 is the best. It changes with the next
 * message: read it on the client's executor, and keep what you have read, not the side.
 *
 * <p>Owned by the client's thread.
 */
public final class BookSide {
    /** A side that never has a level. */
    public static final BookSide EMPTY = new BookSide(1);
    private static final int MIN_LEVELS = 16;

    private final JsonCursor rows = new JsonCursor();
    private final JsonCursor parts = new JsonCursor();
    private final int sign;
    /** Levels, then spare ones. */
    private BookLevel[] levels = new BookLevel[0];
    private int count;
    private BookLevel next = new BookLevel();

    /** {@code sign} 1: the lowest price first; −1: the highest first. */
    public BookSide(final int sign) {
        this.sign = sign;
    }

    /** Number of levels. */
    public int size() {
        return count;
    }

    /** Digits of the price of a level as a whole number; {@link ArithmeticException} if they exceed a long. */
    public long priceMantissa(final int level) {
        return levels[checked(level)].price.mantissa();
    }

    /** Decimals of the price. */
    public int priceScale(final int level) {
        return levels[checked(level)].price.scale();
    }

    /** Digits of the size of a level as a whole number; {@link ArithmeticException} if they exceed a long. */
    public long sizeMantissa(final int level) {
        return levels[checked(level)].size.mantissa();
    }

    /** Decimals of the size. */
    public int sizeScale(final int level) {
        return levels[checked(level)].size.scale();
    }

    /** The price with the venue's digits. */
    public String priceText(final int level) {
        final BookLevel at = levels[checked(level)];
        return CharRanges.content(at.row.chars(), at.priceFrom, at.priceTo);
    }

    /** The size with the venue's digits. */
    public String sizeText(final int level) {
        final BookLevel at = levels[checked(level)];
        return CharRanges.content(at.row.chars(), at.sizeFrom, at.sizeTo);
    }

    /** The price as an object. */
    public BigDecimal price(final int level) {
        return levels[checked(level)].price.toBigDecimal();
    }

    /** The levels as JSON. */
    public void appendJson(final StringBuilder out) {
        out.append('[');
        for (int i = 0; i < count; i++) {
            final TextSlot row = levels[i].row;
            (i == 0 ? out : out.append(',')).append(row.chars(), 0, row.length());
        }
        out.append(']');
    }

    /** Removes all levels. */
    public void clear() {
        count = 0;
    }

    /** Throws {@link IllegalArgumentException} if the range is no array of rows. */
    public void check(final char[] text, final int from, final int to) {
        rows.enterArray(text, from, to);
        while (rows.nextElement()) {
            next.read(parts, text, rows.from(), rows.to());
        }
    }

    /** Sets the levels of an array of rows; those of size 0 are removed. */
    public void apply(final char[] text, final int from, final int to) {
        rows.enterArray(text, from, to);
        while (rows.nextElement()) {
            next.read(parts, text, rows.from(), rows.to());
            final int found = find();
            if (!next.size.isZero()) {
                set(found);
            } else if (found >= 0) {
                remove(found);
            }
        }
    }

    /** The place of the price of {@link #next}; {@code −1 − place} if it is to be inserted there. */
    private int find() {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            final int order = sign * levels[middle].price.compareTo(next.price);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    private void set(final int found) {
        if (found >= 0) {
            final BookLevel before = levels[found];
            levels[found] = next;
            next = before;
            return;
        }
        if (count == levels.length) {
            levels = Arrays.copyOf(levels, Math.max(MIN_LEVELS, 2 * count));
        }
        final BookLevel spare = levels[count];
        final int place = -1 - found;
        System.arraycopy(levels, place, levels, place + 1, count - place);
        levels[place] = next;
        count++;
        next = spare == null ? new BookLevel() : spare;
    }

    private void remove(final int place) {
        final BookLevel spare = levels[place];
        count--;
        System.arraycopy(levels, place + 1, levels, place, count - place);
        levels[count] = spare;
    }

    private int checked(final int level) {
        if (level < 0 || level >= count) {
            throw new IndexOutOfBoundsException("level " + level + " of " + count);
        }
        return level;
    }
}
