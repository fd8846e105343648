package penstock.venue.spec;

import java.util.List;
import java.util.Locale;
import penstock.config.ConfigSection;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;
import penstock.venue.rule.VenueTimeUnit;

/** Reads how a fetched snapshot and the changes fit together. Owned by the thread that reads the file. */
final class ProcedureReader {
    private static final List<String> PARTS = List.of("follows", "number", "bids", "asks");

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
    static BookProcedure read(final ConfigSection section, final SequenceSpec sequence) {
        return new ProcedureReader(section).read(sequence);
    }

    private BookProcedure read(final SequenceSpec sequence) {
        final boolean isNamed = section.has("procedure");
        final Named named = section.choice("procedure", Named.BINANCE, Named.class);
        final BookProcedure defaults = named.procedure;
        final List<String> missing = PARTS.stream().filter(part -> !section.has(part)).toList();
        if (!isNamed && !missing.isEmpty()) {
            section.problem("procedure", "is missing: it is one of binance, bitstamp; or write what it is short for: "
                + String.join(", ", missing));
        }
        final BookProcedure.Follows follows =
            section.choice("follows", defaults.follows(), BookProcedure.Follows.class);
        if ((isNamed || section.has("follows"))
                && (sequence == null || !follows.rules().contains(sequence.rule()))) {
            section.problem(section.has("follows") ? "follows" : "procedure",
                (section.has("follows") ? follows.name() : named.name()).toLowerCase(Locale.ROOT)
                + " compares numbers; add seq { rule = " + follows.remedy() + " } to the same rule");
        }
        final BookProcedure.Answer answer = defaults.answer();
        return new BookProcedure(follows, new BookProcedure.Answer(expression("number", answer.number()),
            time(isNamed ? answer.time() : null), pointer("bids", answer.bids()), pointer("asks", answer.asks()),
            level(answer.level())));
    }

    private BookProcedure.Time time(final BookProcedure.Time orElse) {
        if (!section.has("ts")) {
            return orElse;
        }
        final ConfigSection ts = section.section("ts");
        final String at = ts.requiredText("at");
        final VenueTimeUnit unit = ts.requiredChoice("unit", VenueTimeUnit.MS, VenueTimeUnit.class);
        return ts.compiled("at", () -> Expression.compile(at.isEmpty() ? "$" : at, new PointerBindings())) == null
            ? orElse : new BookProcedure.Time(at, unit);
    }

    private List<String> level(final List<String> orElse) {
        final List<String> level = section.texts("level");
        if (section.has("level") && level.size() != 2) {
            section.problem("level", "must name the columns of price and size, like [0, 1] or [price, qty]");
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
