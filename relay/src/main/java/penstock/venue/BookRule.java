package penstock.venue;

import penstock.book.Price;
import penstock.json.JsonScanner;
import penstock.json.JsonType;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MatchRule;
import penstock.venue.spec.BookSpec;
import penstock.venue.spec.SnapshotSpec;

/**
 * Finds the price levels of an order book in a message. Price and size are published as they stand in it, with their
 * quotes, so each must be a decimal number; a row without is a bad level. Rows are scanned with pointers of their own.
 * If a row names its level by an id, the rule looks the price up: an earlier row had both id and price. Owned by the
 * feed thread.
 */
public final class BookRule {
    private static final int MAX_BYTES = 255;

    private final BookSpec spec;
    private final SnapshotSpec snapshot;
    private final Expression[] bids;
    private final Expression[] asks;
    private final Expression[] levels;
    private final Expression[] checksum;
    private final Row row;
    private final ByteTable<ByteTable<byte[]>> prices;
    private final ByteSlice price = new ByteSlice();
    private final ByteSlice size = new ByteSlice();
    private final ByteSlice text = new ByteSlice();
    private final Price number = new Price();
    private final byte[] unsigned = new byte[MAX_BYTES];
    private int badLevels;

    /**
     * The side of a row's level.
     *
     * @param at place of the value buy or sell, null = the sign of the size: a negative size is an ask
     */
    public record SideRule(Expression at) {
        static final SideRule BY_SIGN = new SideRule(null);
    }

    /**
     * The columns of a row.
     *
     * @param walker     scans the rows of an array
     * @param scope      where the columns are read
     * @param side       null = the array holds one side only
     * @param id         identifies the level, null = the price does
     * @param deleteWhen condition for deleting the level; a size of 0 always deletes it
     */
    public record Row(JsonScanner walker, EvaluationScope scope, Expression price, Expression size, SideRule side,
            Expression id, MatchRule deleteWhen) {
    }

    /** Places of the arrays of levels; all present arrays count. {@code checksum}: the first one present counts. */
    public record Places(Expression[] bids, Expression[] asks, Expression[] levels, Expression[] checksum) {
    }

    /**
     * {@code snapshot} is null if it comes with the changes. The rules of a channel share {@code prices}, by symbol and
     * id.
     */
    public BookRule(final BookSpec spec, final SnapshotSpec snapshot, final Places places, final Row row,
            final ByteTable<ByteTable<byte[]>> prices) {
        this.spec = spec;
        this.snapshot = snapshot;
        bids = places.bids();
        asks = places.asks();
        levels = places.levels();
        checksum = places.checksum();
        this.row = row;
        this.prices = prices;
    }

    /** The places of the arrays of levels, and of the checksum. */
    Places places() {
        return new Places(bids, asks, levels, checksum);
    }

    BookSpec spec() {
        return spec;
    }

    /** Source of the snapshot, null = it comes with the changes. */
    SnapshotSpec snapshot() {
        return snapshot;
    }

    /** Number of rows in the last message that were not usable. */
    public int badLevels() {
        return badLevels;
    }

    void onConnected() {
        prices.clear();
    }

    /** Reads the checksum of the message; {@code target} is absent if there is none. */
    boolean readChecksum(final EvaluationScope scope, final ByteSlice target) {
        target.take(null);
        for (final Expression expression : checksum) {
            if (expression.read(scope, target)) {
                return true;
            }
        }
        return false;
    }

    /** Reads all levels; false if changes arrive before the snapshot that defines their ids. */
    public boolean read(final EvaluationScope scope, final ByteSlice key, final UpdateKind kind,
            final LevelBuffer target) {
        target.clear();
        badLevels = 0;
        final ByteTable<byte[]> known = row.id() == null ? null : prices(key, kind);
        if (row.id() != null && known == null) {
            return false;
        }
        read(scope, bids, LevelBuffer.BID, known, target);
        read(scope, asks, LevelBuffer.ASK, known, target);
        read(scope, levels, -1, known, target);
        return true;
    }

    private ByteTable<byte[]> prices(final ByteSlice key, final UpdateKind kind) {
        ByteTable<byte[]> known = prices.get(key);
        if (kind != UpdateKind.DELTA) {
            if (known == null) {
                known = new ByteTable<>();
                prices.put(key, known);
            }
            known.clear();
        }
        return known;
    }

    private void read(final EvaluationScope scope, final Expression[] arrays, final int side,
            final ByteTable<byte[]> known, final LevelBuffer target) {
        for (final Expression array : arrays) {
            if (array.type(scope) == JsonType.ARRAY) {
                final int offset = array.offset(scope);
                if (isOneRow(scope.buffer(), offset + 1)) {
                    row.walker().scan(scope.buffer(), offset, array.length(scope));
                    row(side, known, target);
                } else {
                    row.walker().open(scope.buffer(), offset, array.length(scope));
                    while (row.walker().next()) {
                        row(side, known, target);
                    }
                }
            }
        }
    }

    /** An array of numbers is one row, not a list of rows. */
    private static boolean isOneRow(final byte[] buffer, final int from) {
        int at = from;
        while (buffer[at] <= ' ') {
            at++;
        }
        return buffer[at] != '[' && buffer[at] != '{' && buffer[at] != ']';
    }

    private void row(final int sideOfArray, final ByteTable<byte[]> known, final LevelBuffer target) {
        final EvaluationScope scope = row.scope();
        boolean isGone = row.deleteWhen() != null && row.deleteWhen().matches(scope, text);
        final boolean hasPrice = readPrice(scope, known, isGone);
        final Price.Kind sizeKind = row.size().readJson(scope, size) ? kind(size) : Price.Kind.NO_NUMBER;
        final boolean hasSize = sizeKind != Price.Kind.NO_NUMBER;
        final boolean isBySign = row.side() == SideRule.BY_SIGN;
        final int side = isBySign ? hasSize && isNegative(size) ? LevelBuffer.ASK : LevelBuffer.BID
            : sideOfArray >= 0 ? sideOfArray : side(scope);
        if (!hasPrice || !hasSize && !isGone || side < 0) {
            badLevels++;
            return;
        }
        if (isBySign && hasSize && isNegative(size)) {
            removeSign();
        }
        isGone |= sizeKind == Price.Kind.ZERO;
        target.add(side, price.bytes(), price.offset(), price.length(), size.bytes(), isGone ? 0 : size.offset(),
            isGone ? 0 : size.length());
    }

    private Price.Kind kind(final ByteSlice json) {
        return json.length() <= MAX_BYTES ? number.kind(json.bytes(), json.offset(), json.length())
            : Price.Kind.NO_NUMBER;
    }

    /** The scanner has validated numbers without quotes. */
    private boolean isPrice(final Expression expression, final EvaluationScope scope) {
        return expression.type(scope) == JsonType.NUMBER && price.length() <= MAX_BYTES
            || kind(price) != Price.Kind.NO_NUMBER;
    }

    /** Of a number, which may stand in quotes. */
    private static boolean isNegative(final ByteSlice json) {
        return json.charAt(json.charAt(0) == '"' ? 1 : 0) == '-';
    }

    /** The sign of the size said the side only. */
    private void removeSign() {
        if (size.charAt(0) == '-') {
            size.take(size.bytes(), size.offset() + 1, size.length() - 1);
        } else {
            unsigned[0] = '"';
            System.arraycopy(size.bytes(), size.offset() + 2, unsigned, 1, size.length() - 2);
            size.take(unsigned, 0, size.length() - 1);
        }
    }

    private boolean readPrice(final EvaluationScope scope, final ByteTable<byte[]> known, final boolean isGone) {
        final boolean isThere = row.price().readJson(scope, price);
        if (isThere && !isPrice(row.price(), scope)) {
            return false;
        }
        if (known == null || !row.id().read(scope, text)) {
            return isThere;
        }
        if (isThere && !isGone) {
            known.put(text, price.copy());
        } else if (!isThere) {
            price.take(known.get(text));
        }
        if (isGone) {
            known.remove(text);
        }
        return price.isPresent();
    }

    /** Venues send buy, Buy, bid, b; sell, ask, offer, a. */
    private int side(final EvaluationScope scope) {
        if (row.side() == null || !row.side().at().read(scope, text) || text.length() == 0) {
            return -1;
        }
        return switch (text.charAt(0) | 0x20) {
            case 'b' -> LevelBuffer.BID;
            case 'a', 's', 'o' -> LevelBuffer.ASK;
            default -> -1;
        };
    }
}
