package penstock.topic;

import java.util.List;

/**
 * What a subscription is shown of each of its topics: some fields or all, whole values or what changed in them, levels down to a depth or
 * all. Equal views are shown the same, so that what is encoded for one serves the others. Immutable.
 */
public record View(List<String> fields, boolean delta, int depth) {
    /** Everything. */
    public static final View WHOLE = new View(List.of(), false, 0);

    /** {@code fields} are names, none for all; {@code depth} is levels per side, 0 for all. */
    public View {
        fields = List.copyOf(fields);
    }

    /** Whether it shows everything. */
    public boolean isWhole() {
        return fields.isEmpty() && !delta && depth == 0;
    }
}
