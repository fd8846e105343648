package penstock.topic.image;

import java.util.List;

/**
 * What a subscription sees of each of its topics: some fields or all, whole values or only changes, levels down to a
 * depth or all. What is encoded for one subscription serves the others with an equal view. Immutable.
 */
public record View(List<String> fields, boolean delta, int depth) {
    /** The whole value. */
    public static final View FULL = new View(List.of(), false, 0);

    /** {@code fields} are names, none for all; {@code depth} is levels per side, 0 for all. */
    public View {
        fields = List.copyOf(fields);
    }

    /** True if it shows the whole value. */
    public boolean isFull() {
        return this == FULL || fields.isEmpty() && !delta && depth == 0;
    }

    /** The same part of a value, always whole. */
    public View whole() {
        return delta ? new View(fields, false, depth) : this;
    }

    /** Compares without garbage, unlike the equals methods of lists. */
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
