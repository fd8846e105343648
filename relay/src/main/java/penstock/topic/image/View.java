package penstock.topic.image;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a subscription sees of each of its topics: some fields or all, whole values or only changes, levels down to a
 * depth or all. The names of the fields are stored here, once for all topics and all equal subscriptions; what is
 * encoded for one subscription serves the others. Owned by the thread that encodes with it, except {@link #FULL}, which
 * never changes.
 */
public final class View {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** The whole value. */
    public static final View FULL = new View(List.of(), false, 0);

    private static final int OBJECT_BYTES = 192;
    private static final int FIELD_BYTES = 96;

    private final long number = NUMBERS.getAndIncrement();
    private final List<String> fields;
    private final boolean delta;
    private final int depth;
    private final FieldSelection selection;
    /** Made when it is first needed. */
    private View whole;

    /** {@code fields} are names, none for all; {@code depth} is levels per side, 0 for all. */
    public View(final List<String> fields, final boolean delta, final int depth) {
        this.fields = List.copyOf(fields);
        this.delta = delta;
        this.depth = depth;
        selection = new FieldSelection(this.fields);
    }

    /** The names of the fields; none for all. */
    public List<String> fields() {
        return fields;
    }

    /** Whether updates have only what changed. */
    public boolean delta() {
        return delta;
    }

    /** Levels per side of a book; 0 for all. */
    public int depth() {
        return depth;
    }

    /** The fields as bytes. */
    public FieldSelection selection() {
        return selection;
    }

    /** Differs from that of every other view, also of an equal one. */
    public long number() {
        return number;
    }

    /** True if it shows the whole value. */
    public boolean isFull() {
        return fields.isEmpty() && !delta && depth == 0;
    }

    /** Bytes of heap that it takes, at most. */
    public long bytes() {
        long bytes = OBJECT_BYTES * (delta ? 2L : 1L);
        for (int i = 0; i < fields.size(); i++) {
            bytes += FIELD_BYTES + 2L * fields.get(i).length() + selection.name(i).length * (delta ? 2L : 1L);
        }
        return bytes;
    }

    /** The same part of a value, always whole. */
    public View whole() {
        if (!delta) {
            return this;
        }
        if (whole == null) {
            whole = new View(fields, false, depth);
        }
        return whole;
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

    @Override
    public boolean equals(final Object other) {
        return other instanceof View view && isSame(view);
    }

    @Override
    public int hashCode() {
        return (fields.hashCode() * 31 + depth) * 2 + (delta ? 1 : 0);
    }

    @Override
    public String toString() {
        return "view of " + (fields.isEmpty() ? "all fields" : fields) + (delta ? ", changes" : "") + ", depth "
            + depth;
    }
}
