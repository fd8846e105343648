package penstock.feed.rules;

import java.util.List;
import penstock.feed.json.JsonType;
import penstock.feed.json.JsonValues;
import penstock.feed.json.PointerTrie;

/**
 * Where a value is found in a message: {@code $}, a JSON pointer, then filters, each behind a bar: {@code $/ch | split('.', 1) |
 * upper}. An array index may be negative and counts from the end. Without filters reading it makes no garbage. Immutable; read on the
 * feed thread.
 */
public final class Expression {
    private final int slot;
    private final List<Filter> filters;

    private Expression(final int slot, final List<Filter> filters) {
        this.slot = slot;
        this.filters = filters;
    }

    /**
     * Compiles an expression; its pointer is added to those that the scanner looks for.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    public static Expression compile(final String source, final PointerTrie.Builder pointers) {
        final List<String> stages = Filters.stages(source);
        return new Expression(pointer(stages.get(0), pointers), stages.stream().skip(1).map(Filters::compile).toList());
    }

    /** The slot of an expression that must be a pointer alone, because it names bytes to cut out. */
    public static int compilePointer(final String source, final PointerTrie.Builder pointers) {
        if (Filters.stages(source).size() > 1) {
            throw new IllegalArgumentException("must be a pointer without filters: the bytes go out as they came in, got " + source);
        }
        return pointer(source.trim(), pointers);
    }

    private static int pointer(final String source, final PointerTrie.Builder pointers) {
        if (source.startsWith("@")) {
            throw new IllegalArgumentException("'@' (an element of each) is not in this version, begin with '$', got " + source);
        }
        if (!source.startsWith("$")) {
            throw new IllegalArgumentException("must be '$' and a JSON pointer like $/data/s, got " + source);
        }
        if (List.of(source.split("/", -1)).contains("*")) {
            throw new IllegalArgumentException("'*' in a pointer (each) is not in this version, got " + source);
        }
        return pointers.slot(source.substring(1));
    }

    /** The type of the value before any filter, see {@link JsonType}. */
    public int type(final JsonValues values) {
        return values.type(slot);
    }

    /** Puts the value's characters into {@code text}; false when there are none. */
    public boolean read(final JsonValues values, final Text text) {
        text.read(values, slot);
        if (!filters.isEmpty()) {
            filterSlowly(text);
        }
        return text.isPresent();
    }

    private void filterSlowly(final Text text) {
        String value = text.isPresent() ? text.toString() : null;
        for (final Filter filter : filters) {
            value = filter.apply(value);
        }
        text.set(value);
    }
}
