package penstock.venue.rule;

import java.util.ArrayList;
import java.util.List;

/**
 * Values learned on this connection: fields by id. Bitfinex, for example, announces once which channel and symbol a
 * number stands for. Owned by the feed thread.
 */
public final class LearnedMap {
    /** Some 10 MB: a venue that announces more than all venues together have makes ids up. */
    static final int MAX_ROWS = 100_000;

    private final List<String> fields = new ArrayList<>();
    private final List<String> learned = new ArrayList<>();
    private final BySource<ByteTable<byte[][]>> bySource = new BySource<>(ByteTable::new);
    private ByteTable<byte[][]> rows = new ByteTable<>();

    LearnedMap() {
    }

    /** Fields that expressions use and that no rule learns. */
    List<String> neverLearned() {
        return fields.stream().filter(field -> !learned.contains(field)).toList();
    }

    void clear() {
        rows.clear();
        bySource.clear();
    }

    /** What follows is of this connection, of several in one stream. */
    void select(final long source) {
        rows = bySource.of(source);
    }

    /** The number of a field, assigned at first use. */
    int field(final String name) {
        if (!fields.contains(name)) {
            fields.add(name);
        }
        return fields.indexOf(name);
    }

    int learnedField(final String name) {
        learned.add(name);
        return field(name);
    }

    int fieldCount() {
        return fields.size();
    }

    /** Adds a row; beyond the limit only known ids are replaced. */
    void put(final ByteSlice id, final byte[][] values) {
        if (rows.size() < MAX_ROWS || rows.get(id) != null) {
            rows.put(id, values);
        }
    }

    /** Replaces the id by its field; absent if it was not learned. */
    void replace(final ByteSlice id, final int field) {
        final byte[][] values = id.isPresent() ? rows.get(id) : null;
        id.take(values == null || field >= values.length ? null : values[field]);
    }
}
