package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;

/**
 * Remembers values of a message: <code>learn { map = chan, id = "$/chanId", set { symbol = "$/symbol" } }</code>. Makes
 * garbage; such messages are rare. Owned by the feed thread.
 */
public final class LearnRule {
    /** The keys of {@code messages.rules[].learn}. */
    public static final KeyTable KEYS = KeyTable.of("messages.rules[].learn");
    private static final String MAP = KEYS.key("map", "text", KeyTable.NONE,
        "Learn from this message into a map of this name, for the filter `map`.");
    private static final String ID = KEYS.key("id", "expression", KeyTable.NONE,
        "The id under which values are stored.");
    private static final String SET = KEYS.key("set", "map of expressions", KeyTable.NONE,
        "The values to store, by field.");

    private final LearnedMap map;
    private final Expression id;
    private final int[] fields;
    private final Expression[] values;
    private final ByteSlice idText = new ByteSlice();
    private final ByteSlice valueText = new ByteSlice();

    private LearnRule(final LearnedMap map, final Expression id, final int[] fields, final Expression[] values) {
        this.map = map;
        this.id = id;
        this.fields = fields;
        this.values = values;
    }

    /** Compiles the object at {@code key}; null if it is unusable. */
    public static LearnRule read(final ConfigSection parent, final String key, final PointerBindings bindings) {
        final ConfigSection section = parent.section(key);
        final LearnedMap map = bindings.maps().map(section.requiredText(MAP));
        final Expression id = bindings.expression(section, ID);
        final ConfigSection set = section.section(SET);
        if (set.keys().isEmpty()) {
            section.problem(SET, "is empty; add the values to learn, like set { symbol = \"$/symbol\" }");
        }
        final List<Expression> values = new ArrayList<>();
        final List<Integer> fields = new ArrayList<>();
        for (final String field : set.keys()) {
            fields.add(map.learnedField(field));
            values.add(bindings.expression(set, field));
        }
        return new LearnRule(map, id, fields.stream().mapToInt(i -> i).toArray(), values.toArray(Expression[]::new));
    }

    /** Remembers the values of a message; no effect without an id. */
    public void learn(final EvaluationScope scope) {
        if (id.read(scope, idText)) {
            final byte[][] row = new byte[map.fieldCount()][];
            for (int i = 0; i < fields.length; i++) {
                row[fields[i]] = values[i].read(scope, valueText) ? valueText.copy() : null;
            }
            map.put(idText, row);
        }
    }
}
