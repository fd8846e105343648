package penstock.venue.book;

import java.util.List;
import java.util.Locale;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.SequenceSpec;

/** Reads how a fetched snapshot and the changes fit together. Owned by the thread that reads the file. */
final class ProcedureReader {
    /** The keys of {@code messages.rules[].book.snapshot}. */
    static final KeyTable KEYS = KeyTable.of("messages.rules[].book.snapshot");
    private static final ChoiceKey<Named> PROCEDURE = KEYS.choice("procedure", Named.class, KeyTable.NONE,
        "How a snapshot that is asked for and the changes fit together, by a name that gives the next seven keys: "
        + "`binance` is `follows = straddles` with `$/lastUpdateId`, `bitstamp` is `follows = newer` with "
        + "`$/microtimestamp`; both have `$/bids` and `$/asks`.");
    private static final ChoiceKey<BookProcedure.Follows> FOLLOWS =
        KEYS.choice("follows", BookProcedure.Follows.class, "required without `procedure`",
        "Which change follows a snapshot; the numbers are those of the rule's `seq`. `straddles`: the first with "
        + "a larger last number, and it begins at the next number or earlier (`rule = range`, or `prev`). "
        + "`previous`: the first with a larger number names exactly the snapshot's as the one before (`rule = "
        + "prev`). `newer`: all with a larger number; the snapshot must not be older than the first change that "
        + "waits for it (`increasing`, `nondecreasing`).");
    private static final String NUMBER = KEYS.key("number", "expression", "required without `procedure`",
        "Where the answer has the number of the last change that it contains.");
    private static final String BIDS = KEYS.key("bids", "pointer", "required without `procedure`",
        "Where the answer has the rows of bids.");
    private static final String ASKS = KEYS.key("asks", "pointer", "required without `procedure`",
        "Where the answer has the rows of asks.");
    private static final String LEVEL = KEYS.key("level", "list of two columns", "`[0, 1]`",
        "Price and size in a row of the answer.");
    private static final String ID = KEYS.key("id", "column", "required with `orders`",
        "With `orders`: where a row of the answer, which is an order, has its id.");
    private static final KeyTable TS = KEYS.section("ts");
    private static final String AT = TS.key("at", "expression", KeyTable.NONE, "The venue's time in the answer.");
    private static final ChoiceKey<VenueTimeUnit> UNIT =
        TS.choice("unit", VenueTimeUnit.class, "required with `ts`",
            "Its unit; `utc` is `rfc3339` without a zone.");
    private static final List<String> PARTS = List.of(FOLLOWS.name(), NUMBER, BIDS, ASKS);

    private final ConfigSection section;

    /** Procedures that have a name. */
    private enum Named {
        BINANCE(BookProcedure.BINANCE), BITSTAMP(BookProcedure.BITSTAMP);

        private final BookProcedure procedure;

        Named(final BookProcedure procedure) {
            this.procedure = procedure;
        }
    }

    private ProcedureReader(final ConfigSection section) {
        this.section = section;
    }

    /** {@code sequence} of the same rule may be null. */
    static BookProcedure read(final ConfigSection section, final SequenceSpec sequence, final boolean isOfOrders) {
        return new ProcedureReader(section).read(sequence, isOfOrders);
    }

    private BookProcedure read(final SequenceSpec sequence, final boolean isOfOrders) {
        final boolean isNamed = section.has(PROCEDURE.name());
        final Named named = PROCEDURE.read(section, Named.BINANCE);
        final BookProcedure defaults = named.procedure;
        final List<String> missing = PARTS.stream().filter(part -> !section.has(part)).toList();
        if (!isNamed && !missing.isEmpty()) {
            section.problem(PROCEDURE.name(), "is missing: it is one of binance, bitstamp; or write what it is short "
                + "for: " + String.join(", ", missing));
        }
        final BookProcedure.Follows follows =
            FOLLOWS.read(section, defaults.follows());
        if ((isNamed || section.has(FOLLOWS.name()))
                && (sequence == null || !follows.rules().contains(sequence.rule()))) {
            section.problem(section.has(FOLLOWS.name()) ? FOLLOWS.name() : PROCEDURE.name(),
                (section.has(FOLLOWS.name()) ? follows.name() : named.name()).toLowerCase(Locale.ROOT)
                + " compares numbers; add seq { rule = " + follows.remedy() + " } to the same rule");
        }
        final BookProcedure.Answer answer = defaults.answer();
        return new BookProcedure(follows, new BookProcedure.Answer(expression(NUMBER, answer.number()),
            time(isNamed ? answer.time() : null), pointer(BIDS, answer.bids()), pointer(ASKS, answer.asks()),
            level(answer.level()), id(isOfOrders)));
    }

    /** Null if the rows are levels. */
    private String id(final boolean isOfOrders) {
        final String id = section.text(ID, null);
        if (isOfOrders && id == null) {
            section.problem(ID, "is missing: orders are added up, so name the column of the id in a row of the "
                + "snapshot");
        }
        if (!isOfOrders && id != null) {
            section.problem(ID, "is for rows that are single orders; add orders to the book, or remove it");
        }
        if (id != null) {
            section.compiled(ID, () -> Expression.compilePointer("@/" + id, new PointerBindings().inElements()));
        }
        return id == null ? null : "@/" + id;
    }

    private BookProcedure.Time time(final BookProcedure.Time orElse) {
        if (!section.has("ts")) {
            return orElse;
        }
        final ConfigSection ts = section.section("ts");
        final String at = ts.requiredText(AT);
        final VenueTimeUnit unit = UNIT.required(ts, VenueTimeUnit.MS);
        return ts.compiled(AT, () -> Expression.compile(at.isEmpty() ? "$" : at, new PointerBindings())) == null
            ? orElse : new BookProcedure.Time(at, unit);
    }

    private List<String> level(final List<String> orElse) {
        final List<String> level = section.texts(LEVEL);
        if (section.has(LEVEL) && level.size() != 2) {
            section.problem(LEVEL, "must name the columns of price and size, like [0, 1] or [price, qty]");
        }
        return level.size() == 2 ? level : orElse;
    }

    private String expression(final String key, final String orElse) {
        final String written = section.text(key, orElse);
        return section.compiled(key, () -> Expression.compile(written, new PointerBindings())) == null ? orElse
            : written;
    }

    private String pointer(final String key, final String orElse) {
        final String written = section.text(key, orElse);
        return section.compiled(key, () -> Expression.compilePointer(written, new PointerBindings())) == null ? orElse
            : written;
    }
}
