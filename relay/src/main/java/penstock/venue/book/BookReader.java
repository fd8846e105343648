package penstock.venue.book;

import com.typesafe.config.ConfigList;
import java.util.List;
import java.util.Objects;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.NumberKey;
import penstock.json.JsonScanner;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.spec.VenueVariables;

/** Reads {@code book} of a rule. Stateless. */
public final class BookReader {
    /** The keys of {@code messages.rules[].book}. */
    public static final KeyTable KEYS = KeyTable.of("messages.rules[].book");
    private static final String BIDS = KEYS.key("bids", "pointer or list of pointers", KeyTable.NONE, "Rows of bids.");
    private static final String ASKS = KEYS.key("asks", "pointer or list of pointers", KeyTable.NONE, "Rows of asks.");
    private static final String LEVELS = KEYS.key("levels", "pointer or list of pointers", KeyTable.NONE,
        "Rows of both sides.");
    private static final String LEVEL = KEYS.key("level", "list of two columns", KeyTable.REQUIRED,
        "Price and size in a row: `[0, 1]` or `[price, qty]`; pointers without filters, because the bytes are "
        + "published unchanged.");
    private static final String BID_LEVEL = KEYS.key("bid-level", "list of two columns", KeyTable.NONE,
        "Instead of `level`, with `ask-level`: price and size in the row of a bid. A row may have both sides: "
        + "then `bids` and `asks` are the same place.");
    private static final String ASK_LEVEL = KEYS.key("ask-level", "list of two columns", KeyTable.NONE,
        "Likewise, in the row of an ask.");
    private static final String SIDE = KEYS.key("side", "column or `sign`", "required with `levels`",
        "Where a row says buy or sell; `sign`: a negative size is an ask.");
    private static final String ID = KEYS.key("id", "column", KeyTable.NONE,
        "Rows are identified by this, not by price.");
    private static final ChoiceKey<BookRule.OrderSize> ORDERS =
        KEYS.choice("orders", BookRule.OrderSize.class, KeyTable.NONE,
        "Rows are single orders, identified by `id`; a level is published with the sum of its orders. `set`: the "
        + "size is what is left of the order; the row of a known order may lack price, side and size, which stay "
        + "as they are. `reduce`: the size is taken away from a known order. A size of 0 and `delete-when` cancel "
        + "an order. Rules of one channel share the orders.");
    private static final String DELETE_WHEN = KEYS.key("delete-when", "conditions", "size 0",
        "When a row removes its level.");
    private static final NumberKey TRUNCATE = KEYS.number("truncate", 0, 0, 100_000,
        "Keep only the best N levels of each side; 0 = all.");
    private static final KeyTable CHECKSUM = KEYS.section("checksum");
    private static final String PLUGIN = CHECKSUM.key("plugin", "text", KeyTable.NONE,
        "[Plugin](#plugins) that computes the checksum.");
    private static final String AT = CHECKSUM.key("at", "expression", KeyTable.NONE, "The venue's checksum.");

    private BookReader() {
    }

    /**
     * Reads a book rule. In {@code level}, {@code side}, {@code id} and {@code delete-when}, {@code @} is the row of a
     * level.
     */
    public static BookRule read(final ConfigSection section, final PointerBindings bindings,
            final KnownLevels known, final SequenceSpec sequence, final VenueVariables variables) {
        final BookRule.Places places =
            new BookRule.Places(places(section, BIDS, bindings), places(section, ASKS, bindings),
            places(section, LEVELS, bindings), expressions(section.section("checksum"), AT, bindings));
        if (!section.has(LEVELS) && (!section.has(BIDS) || !section.has(ASKS))) {
            section.problem(BIDS, "is missing; set bids and asks, or levels with side");
        }
        final PointerBindings rows = bindings.inElements();
        final BookRule.Columns[] columns = columns(section, rows);
        final String side = section.text(SIDE, null);
        if (side == null && places.levels().length > 0) {
            section.problem(SIDE,
                "is missing; name the column of buy or sell, or use sign: a negative size is an ask");
        }
        final BookRule.SideRule sideRule = side == null ? null : side.equals("sign") ? BookRule.SideRule.BY_SIGN
            : new BookRule.SideRule(column(section, SIDE, side, rows));
        final Expression id = section.has(ID) ? column(section, ID, section.text(ID, ""), rows) : null;
        final MatchRule deleteWhen = section.has(DELETE_WHEN) ? MatchRule.read(section, DELETE_WHEN, rows) : null;
        final ConfigSection checksum = section.section("checksum");
        final BookRule.OrderSize orders = orders(section);
        final BookSpec spec = new BookSpec(TRUNCATE.read(section), checksum.text(PLUGIN, null), orders != null);
        checksum.written(AT);
        if (section.has("checksum") && (spec.checksum() == null || places.checksum().length == 0)) {
            section.problem("checksum", "needs plugin and at, like { plugin = kraken-crc32, at = \"@/checksum\" }");
        }
        final SnapshotSpec snapshot = section.has("snapshot")
            ? SnapshotSpec.read(section.section("snapshot"), sequence, orders != null, variables) : null;
        if (snapshot != null && id != null && orders == null) {
            section.problem(ID, "cannot be looked up in a snapshot that is asked for, whose levels have no ids; remove "
                + "one of them");
        }
        final JsonScanner walker = rows.walker();
        final BookRule.Row row = new BookRule.Row(walker, rows.scope(walker), columns, sideRule, id, deleteWhen,
            orders);
        return new BookRule(spec, snapshot, places, row, known);
    }

    /** Null if the rows are levels. */
    private static BookRule.OrderSize orders(final ConfigSection section) {
        final BookRule.OrderSize orders = ORDERS.read(section, BookRule.OrderSize.SET);
        if (!section.has(ORDERS.name())) {
            return null;
        }
        if (!section.has(ID)) {
            section.problem(ORDERS.name(), "need id: the column that identifies an order");
        }
        return orders;
    }

    /** Of bids and of asks. */
    private static BookRule.Columns[] columns(final ConfigSection section, final PointerBindings rows) {
        if (section.has(LEVEL) || !section.has(BID_LEVEL) && !section.has(ASK_LEVEL)) {
            if (section.has(BID_LEVEL) || section.has(ASK_LEVEL)) {
                section.problem(LEVEL, "is for both sides, and bid-level or ask-level is set, too; keep one of them");
            }
            final BookRule.Columns both = columns(section, LEVEL, rows);
            return new BookRule.Columns[] {both, both};
        }
        if ("sign".equals(section.text(SIDE, ""))) {
            section.problem(SIDE, "cannot be sign with bid-level and ask-level: the side decides where the size is");
        }
        return new BookRule.Columns[] {columns(section, BID_LEVEL, rows), columns(section, ASK_LEVEL, rows)};
    }

    private static BookRule.Columns columns(final ConfigSection section, final String key,
            final PointerBindings rows) {
        final List<String> level = section.texts(key);
        if (level.size() != 2) {
            section.problem(key, "must name the columns of price and size, like [0, 1] or [price, qty]");
        }
        return new BookRule.Columns(bytesAt(section, key, level.isEmpty() ? "0" : level.get(0), rows),
            bytesAt(section, key, level.size() < 2 ? "1" : level.get(1), rows));
    }

    /** Compiles a column: a pointer, or an index or name as its short form. */
    private static Expression column(final ConfigSection section, final String key, final String written,
            final PointerBindings rows) {
        return rows.expression(section, key, pointer(written));
    }

    /** Price and size are published as the venue sends them. */
    private static Expression bytesAt(final ConfigSection section, final String key, final String written,
            final PointerBindings rows) {
        try {
            return Expression.compilePointer(pointer(written), rows);
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return null;
        }
    }

    private static String pointer(final String written) {
        return written.startsWith("@") || written.startsWith("$") ? written : "@/" + written;
    }

    private static Expression[] places(final ConfigSection section, final String key, final PointerBindings bindings) {
        for (final String source : sources(section, key)) {
            if (source.contains("|")) {
                section.problem(key, "must be a pointer without filters, got " + source);
            }
        }
        return expressions(section, key, bindings);
    }

    private static Expression[] expressions(final ConfigSection section, final String key,
            final PointerBindings bindings) {
        return sources(section, key).stream().map(source -> bindings.expression(section, key, source))
            .filter(Objects::nonNull).toArray(Expression[]::new);
    }

    private static List<String> sources(final ConfigSection section, final String key) {
        if (section.written(key) instanceof ConfigList) {
            return section.texts(key);
        }
        return section.has(key) ? List.of(section.text(key, "")) : List.of();
    }
}
