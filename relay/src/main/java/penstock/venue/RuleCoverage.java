package penstock.venue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import penstock.json.JsonType;
import penstock.venue.book.BookRule;
import penstock.venue.emit.EmitField;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;

/**
 * Which places of the data rules lead to a value. For people, not for the hot path. Owned by the thread that runs the
 * check.
 */
final class RuleCoverage {
    private static final int ANY = ~JsonType.NULL;
    private static final int ROWS = JsonType.ARRAY | JsonType.OBJECT;
    private static final String SEQUENCE = "seq";

    /** By number of the rule. */
    private final Map<Integer, List<Place>> rules = new TreeMap<>();

    /** A key of a rule; {@code alternatives}: pointers of which any may be found. */
    private static final class Place {
        private final String key;
        private final boolean isOptional;
        private final Expression[] alternatives;
        private final int types;
        private final ByteSlice text = new ByteSlice();
        private long messages;
        private boolean isFound;
        private boolean isNumber;

        Place(final String key, final int types, final Expression... alternatives) {
            this(key, types, false, alternatives);
        }

        Place(final String key, final int types, final boolean isOptional, final Expression... alternatives) {
            this.key = key;
            this.isOptional = isOptional;
            this.types = types;
            this.alternatives = alternatives;
        }

        void look(final EvaluationScope scope) {
            messages++;
            for (final Expression each : alternatives) {
                isFound |= (each.type(scope) & types) != 0 && (!each.hasFilters() || each.read(scope, text));
                isNumber |= isSequence() && each.read(scope, text)
                    && SequenceTracker.number(text) != SequenceTracker.NONE;
            }
        }

        boolean isSequence() {
            return key.equals(SEQUENCE);
        }

        /** What is wrong with it, null if nothing is. */
        String problem() {
            return !isFound ? "was not found" : isSequence() && !isNumber ? "is no number of up to 19 digits" : null;
        }

        String pointers() {
            final List<String> sources = new ArrayList<>();
            for (final Expression each : alternatives) {
                sources.add(each.source());
            }
            return String.join(" or ", sources);
        }
    }

    /** A rule has read a message. */
    void onMessage(final int number, final DataRule[] rule, final EvaluationScope scope) {
        rules.computeIfAbsent(number, each -> places(rule)).forEach(place -> place.look(scope));
    }

    /** Sentences about places that no message had; {@code names}: of the rules. */
    List<String> problems(final List<String> names) {
        return sentences(names, true);
    }

    /** The same about places that need not be there. */
    List<String> notes(final List<String> names) {
        return sentences(names, false);
    }

    private List<String> sentences(final List<String> names, final boolean areProblems) {
        final List<String> sentences = new ArrayList<>();
        rules.forEach((number, places) -> {
            final boolean isChecked = places.stream().anyMatch(each -> each.key.equals("checksum") && each.isFound);
            for (final Place place : places) {
                // checksums show a missing message, too
                final boolean isProblem = !(isChecked && place.isSequence()) && !place.isOptional;
                final String problem = place.problem();
                if (problem != null && isProblem == areProblems) {
                    sentences.add("rule " + names.get(number) + ": " + place.key + " " + place.pointers() + " " + problem
                        + " in " + place.messages + " messages");
                }
            }
        });
        return sentences;
    }

    private static List<Place> places(final DataRule... rule) {
        final List<Place> places = new ArrayList<>();
        for (final DataRule each : rule) {
            add(places, each);
        }
        return places;
    }

    private static void add(final List<Place> places, final DataRule rule) {
        if (rule.time() != null) {
            places.add(new Place(rule.time().isOptional() ? "optional ts" : "ts", ANY, rule.time().isOptional(),
                rule.time().at()));
        }
        if (rule.sequence() != null) {
            places.add(new Place(SEQUENCE, ANY, rule.sequence().last()));
            if (rule.sequence().first() != null) {
                places.add(new Place(SEQUENCE, ANY, rule.sequence().first()));
            }
        }
        if (rule.value().fields() != null) {
            for (final EmitField field : rule.value().fields().fields()) {
                if (field.places().length > 0) {
                    places.add(new Place("emit." + field.name(), ANY, !field.isRequired(), field.places()));
                }
            }
        }
        if (rule.book() != null) {
            final BookRule.Places book = rule.book().places();
            add(places, "bids", ROWS, book.bids());
            add(places, "asks", ROWS, book.asks());
            add(places, "levels", ROWS, book.levels());
            add(places, "checksum", ANY, book.checksum());
        }
    }

    private static void add(final List<Place> places, final String key, final int types, final Expression[] pointers) {
        if (pointers.length > 0) {
            places.add(new Place(key, types, pointers));
        }
    }
}
