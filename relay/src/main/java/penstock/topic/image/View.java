package penstock.topic.image;

import java.util.List;

/**
 * What a subscription is shown of each of its topics: some fields or all, whole values or what changed in them, levels
 * down to a depth or all. Equal views are shown the same, so that what is encoded for one serves the others. Immutable.
 */
public record View(List<String> fields, boolean delta, int depth) {
    /** Everything. */
    public static final View FULL = new View(List.of(), false, 0);

    /** {@code fields} are names, none for all; {@code depth} is levels per side, 0 for all. */
    public View {
        fields = List.copyOf(fields);
    }

    /** Whether it shows everything. */
    public boolean isFull() {
        return this == FULL || fields.isEmpty() && !delta && depth == 0;
    }

    /** Equal; without garbage, unlike what the lists do. */
    public boolean isSame(final View other) {
        if (this == other) {
            return true;
        }
        if (delta != other.delta || depth != other.depth || fields.size() != other.fields.size()) {
            return false;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.get(i).equals(other.fields.get(i))) {
                return false;
            }
        }
        return true;
    }
}
