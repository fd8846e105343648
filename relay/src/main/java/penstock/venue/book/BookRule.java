package penstock.venue.book;

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

/**
 * Finds the price levels of an order book in a message. Price and size are published as they stand in it, with their
 * quotes, so each must be a decimal number; a row without is a bad level. Rows are scanned with pointers of their own.
 * If a row names its level by an id, the rule looks the price up: an earlier row had both id and price. Rows of single
 * orders are passed on, for the {@link OrderBook} that adds them up. Owned by the feed thread.
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
    private final KnownLevels known;
    private final ByteSlice price = new ByteSlice();
    private final ByteSlice size = new ByteSlice();
    private final ByteSlice text = new ByteSlice();
    private final Price number = new Price();
    private final byte[] unsigned = new byte[MAX_BYTES];
    private int badLevels;

    /** What the size in the row of an order says. */
    public enum OrderSize {
        /** What is left of the order. */
        SET,
        /** What is taken away from it. */
        REDUCE
    }

    /** Price and size in a row. */
    public record Columns(Expression price, Expression size) {
        /** The same columns for both sides. */
        public static Columns[] ofBoth(final Expression price, final Expression size) {
            final Columns columns = new Columns(price, size);
            return new Columns[] {columns, columns};
        }
    }

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
     * @param columns    price and size, of bids and of asks
     * @param side       null = the array holds one side only
     * @param id         identifies the level or the order, null = the price does
     * @param deleteWhen condition for deleting the level; a size of 0 always deletes it
     * @param orders     rows are orders, null = they are levels
     */
    public record Row(JsonScanner walker, EvaluationScope scope, Columns[] columns, SideRule side, Expression id,
            MatchRule deleteWhen, OrderSize orders) {
    }

    /** Places of the arrays of levels; all present arrays count. {@code checksum}: the first one present counts. */
    public record Places(Expression[] bids, Expression[] asks, Expression[] levels, Expression[] checksum) {
    }

    /** {@code snapshot} is null if it comes with the changes. The rules of a channel share {@code known}. */
    public BookRule(final BookSpec spec, final SnapshotSpec snapshot, final Places places, final Row row,
            final KnownLevels known) {
        this.spec = spec;
        this.snapshot = snapshot;
        bids = places.bids();
        asks = places.asks();
        levels = places.levels();
        checksum = places.checksum();
        this.row = row;
        this.known = known;
    }

    /** The places of the arrays of levels, and of the checksum. */
    public Places places() {
        return new Places(bids, asks, levels, checksum);
    }

    public BookSpec spec() {
        return spec;
    }

    /** Source of the snapshot, null = it comes with the changes. */
    public SnapshotSpec snapshot() {
        return snapshot;
    }

    /** Number of rows in the last message that were not usable. */
    public int badLevels() {
        return badLevels;
    }

    public void onConnected() {
        known.clear();
    }

    /** Reads the checksum of the message; {@code target} is absent if there is none. */
    public boolean readChecksum(final EvaluationScope scope, final ByteSlice target) {
        target.take(null);
        for (final Expression expression : checksum) {
            if (expression.read(scope, target)) {
                return true;
            }
        }
        return false;
    }

    /** Reads all levels or orders; false if changes arrive before the snapshot that defines the ids of levels. */
    public boolean read(final EvaluationScope scope, final ByteSlice key, final UpdateKind kind,
            final LevelBuffer target) {
        target.clear();
        badLevels = 0;
        final boolean hasIds = row.id() != null && row.orders() == null;
        final ByteTable<byte[]> prices = hasIds ? known.prices(key, kind) : null;
        if (hasIds && prices == null) {
            return false;
        }
        read(scope, bids, LevelBuffer.BID, prices, target);
        read(scope, asks, LevelBuffer.ASK, prices, target);
        read(scope, levels, -1, prices, target);
        return true;
    }

    private void read(final EvaluationScope scope, final Expression[] arrays, final int side,
            final ByteTable<byte[]> known, final LevelBuffer target) {
        for (final Expression array : arrays) {
            if (array.type(scope) == JsonType.OBJECT) {
                row.walker().scan(scope.buffer(), array.offset(scope), array.length(scope));
                row(side, known, target);
            } else if (array.type(scope) == JsonType.ARRAY) {
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
        final boolean isBySign = row.side() == SideRule.BY_SIGN;
        final int saidSide = isBySign ? -1 : sideOfArray >= 0 ? sideOfArray : side(scope);
        final Columns columns = row.columns()[Math.max(LevelBuffer.BID, saidSide)];
        final boolean hasPrice = readPrice(columns.price(), scope, known, isGone);
        final Price.Kind sizeKind = columns.size().readJson(scope, size) ? kind(size) : Price.Kind.NO_NUMBER;
        final boolean hasSize = sizeKind != Price.Kind.NO_NUMBER;
        final int side = !isBySign ? saidSide
            : hasSize && isNegative(size) ? LevelBuffer.ASK : LevelBuffer.BID;
        if (row.orders() != null) {
            order(side, hasPrice, hasSize, isGone || sizeKind == Price.Kind.ZERO, target);
            return;
        }
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

    /** The row of an order; of a known order it may lack the price, the side or the size. */
    private void order(final int side, final boolean hasPrice, final boolean hasSize, final boolean isGone,
            final LevelBuffer target) {
        final boolean reduces = row.orders() == OrderSize.REDUCE;
        if (!row.id().read(row.scope(), text) || text.length() > MAX_BYTES || reduces && !hasSize) {
            badLevels++;
            return;
        }
        if (row.side() == SideRule.BY_SIGN && hasSize && isNegative(size)) {
            removeSign();
        }
        OrderRows.add(target, reduces ? OrderRows.REDUCE : isGone ? OrderRows.CANCEL : OrderRows.SET, text, side,
            hasPrice ? price : null, hasSize ? size : null);
    }

    private boolean readPrice(final Expression column, final EvaluationScope scope, final ByteTable<byte[]> known,
            final boolean isGone) {
        final boolean isThere = column.readJson(scope, price);
        if (isThere && !isPrice(column, scope)) {
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
