package penstock.link.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import penstock.ring.LevelBuffer;
import penstock.text.PrintableText;

/**
 * Reads the levels of a book as a relay writes them, {@code {"bids":[[price,size],…],"asks":[…]}} without blanks.
 * Prices and sizes stay as they are, with their quotes; a size {@code 0} is a removed level. Owned by the feed thread.
 */
public final class BookLevels {
    private static final byte[] BIDS = "{\"bids\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ASKS = "],\"asks\":[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "]}".getBytes(StandardCharsets.US_ASCII);

    private final LevelBuffer levels = new LevelBuffer();
    private byte[] bytes;
    private int from;
    private int at;
    private int end;

    /** The levels of a value, the bids first; valid until the next call. */
    public LevelBuffer read(final byte[] source, final int offset, final int length) {
        bytes = source;
        from = offset;
        at = offset;
        end = offset + length;
        levels.clear();
        expect(BIDS);
        side(LevelBuffer.BID);
        expect(ASKS);
        side(LevelBuffer.ASK);
        expect(END);
        if (at != end) {
            throw bad();
        }
        return levels;
    }

    private void side(final int side) {
        if (isAt(']')) {
            return;
        }
        level(side);
        while (isAt(',')) {
            at++;
            level(side);
        }
    }

    private void level(final int side) {
        expect('[');
        final int price = at;
        final int priceEnd = decimal();
        expect(',');
        final int size = at;
        final int sizeEnd = decimal();
        expect(']');
        final boolean isRemoval = sizeEnd - size == 1 && bytes[size] == '0';
        if (priceEnd - price > 255 || sizeEnd - size > 255) {
            throw bad();
        }
        levels.add(side, bytes, price, priceEnd - price, bytes, size, isRemoval ? 0 : sizeEnd - size);
    }

    /** Passes a number, or one in quotes; returns where it ends. */
    private int decimal() {
        final boolean isQuoted = isAt('"');
        at += isQuoted ? 1 : 0;
        final int begin = at;
        while (at < end && isOfDecimal(bytes[at])) {
            at++;
        }
        if (at == begin) {
            throw bad();
        }
        if (isQuoted) {
            expect('"');
        }
        return at;
    }

    private static boolean isOfDecimal(final byte b) {
        return b >= '0' && b <= '9' || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
    }

    private boolean isAt(final char c) {
        return at < end && bytes[at] == c;
    }

    private void expect(final char c) {
        if (!isAt(c)) {
            throw bad();
        }
        at++;
    }

    private void expect(final byte[] text) {
        if (end - at < text.length || !Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
            throw bad();
        }
        at += text.length;
    }

    private BadMessageException bad() {
        return new BadMessageException("a book has something else than levels at byte " + (at - from) + ": "
            + PrintableText.excerpt(bytes, from, end - from));
    }
}
