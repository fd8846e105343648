package penstock.venue;

import com.typesafe.config.ConfigList;
import java.util.List;
import java.util.Objects;
import penstock.config.ConfigSection;
import penstock.json.JsonScanner;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.BookSpec;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.spec.SnapshotSpec;
import penstock.venue.spec.VenueVariables;

/** Reads {@code book} of a rule. Stateless. */
final class BookReader {
    private static final int MAX_DEPTH = 100_000;

    private BookReader() {
    }

    /**
     * Reads a book rule. In {@code level}, {@code side}, {@code id} and {@code delete-when}, {@code @} is the row of a
     * level.
     */
    static BookRule read(final ConfigSection section, final PointerBindings bindings,
            final KnownLevels known, final SequenceSpec sequence, final VenueVariables variables) {
        final BookRule.Places places =
            new BookRule.Places(places(section, "bids", bindings), places(section, "asks", bindings),
            places(section, "levels", bindings), expressions(section.section("checksum"), "at", bindings));
        if (places.levels().length == 0 && (places.bids().length == 0 || places.asks().length == 0)) {
            section.problem("bids", "is missing; set bids and asks, or levels with side");
        }
        final PointerBindings rows = bindings.inElements();
        final BookRule.Columns[] columns = columns(section, rows);
        final String side = section.text("side", null);
        if (side == null && places.levels().length > 0) {
            section.problem("side",
                "is missing; name the column of buy or sell, or use sign: a negative size is an ask");
        }
        final BookRule.SideRule sideRule = side == null ? null : side.equals("sign") ? BookRule.SideRule.BY_SIGN
            : new BookRule.SideRule(column(section, "side", side, rows));
        final Expression id = section.has("id") ? column(section, "id", section.text("id", ""), rows) : null;
        final MatchRule deleteWhen = section.has("delete-when") ? MatchRule.read(section, "delete-when", rows) : null;
        final ConfigSection checksum = section.section("checksum");
        final BookSpec spec = new BookSpec(section.integer("truncate", 0, 0, MAX_DEPTH), checksum.text("plugin", null));
        checksum.written("at");
        if (section.has("checksum") && (spec.checksum() == null || places.checksum().length == 0)) {
            section.problem("checksum", "needs plugin and at, like { plugin = kraken-crc32, at = \"@/checksum\" }");
        }
        final SnapshotSpec snapshot = section.has("snapshot")
            ? SnapshotSpec.read(section.section("snapshot"), sequence, variables) : null;
        if (snapshot != null && section.has("checksum")) {
            section.problem("checksum", "cannot be checked for a book with a fetched snapshot; remove one of them");
        }
        final JsonScanner walker = rows.walker();
        final BookRule.Row row = new BookRule.Row(walker, rows.scope(walker), columns, sideRule, id, deleteWhen,
            orders(section));
        return new BookRule(spec, snapshot, places, row, known);
    }

    /** Null if the rows are levels. */
    private static BookRule.OrderSize orders(final ConfigSection section) {
        final BookRule.OrderSize orders = section.choice("orders", BookRule.OrderSize.SET, BookRule.OrderSize.class);
        if (!section.has("orders")) {
            return null;
        }
        if (!section.has("id")) {
            section.problem("orders", "need id: the column that identifies an order");
        }
        if (section.has("snapshot")) {
            section.problem("orders", "cannot be added up with a fetched snapshot, which has levels; remove one of "
                + "them");
        }
        return orders;
    }

    /** Of bids and of asks. */
    private static BookRule.Columns[] columns(final ConfigSection section, final PointerBindings rows) {
        if (section.has("level") || !section.has("bid-level") && !section.has("ask-level")) {
            if (section.has("bid-level") || section.has("ask-level")) {
                section.problem("level", "is for both sides, and bid-level or ask-level is set, too; keep one of them");
            }
            final BookRule.Columns both = columns(section, "level", rows);
            return new BookRule.Columns[] {both, both};
        }
        if ("sign".equals(section.text("side", ""))) {
            section.problem("side", "cannot be sign with bid-level and ask-level: the side decides where the size is");
        }
        return new BookRule.Columns[] {columns(section, "bid-level", rows), columns(section, "ask-level", rows)};
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
