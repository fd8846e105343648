package penstock.venue.rule;

import java.util.List;
import penstock.json.JsonType;
import penstock.json.JsonValues;
import penstock.json.PointerTrie;

/**
 * The place of a value: {@code $} (the message) or {@code @} (its current element) and a JSON pointer, or {@code @key}
 * (the name of the element in its object); then filters, each behind a bar: {@code $/ch | split('.', 1) | upper}. A
 * negative array index counts from the end. Reading makes no garbage, unless characters beyond ASCII are filtered.
 * Immutable, except for reused matchers.
 * Owned by the feed thread.
 */
public final class Expression {
    /** The name that the element has in its object. */
    private static final String NAME = "@key";

    private final String source;
    private final boolean ofElement;
    private final int slot;
    private final Filter[] filters;

    private Expression(final String source, final boolean ofElement, final int slot, final Filter... filters) {
        this.source = source;
        this.ofElement = ofElement;
        this.slot = slot;
        this.filters = filters;
    }

    /**
     * Compiles an expression and adds its pointer to those that the scanner looks for.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    public static Expression compile(final String source, final PointerBindings bindings) {
        final List<String> stages = FilterParser.stages(source);
        final Filter[] filters = stages.stream().skip(1).map(call -> FilterParser.compile(call, bindings.maps()))
            .toArray(Filter[]::new);
        return pointer(stages.get(0), bindings, filters);
    }

    /** Compiles a pointer without filters: it names bytes to cut out. */
    public static Expression compilePointer(final String source, final PointerBindings bindings) {
        if (FilterParser.stages(source).size() > 1) {
            throw new IllegalArgumentException(
                "must be a pointer without filters: the bytes are published unchanged, got " + source);
        }
        return pointer(source.trim(), bindings);
    }

    private static Expression pointer(final String source, final PointerBindings bindings, final Filter... filters) {
        final boolean ofElement = source.startsWith("@");
        if (ofElement && !bindings.hasElement()) {
            throw new IllegalArgumentException("'@' needs each, and this rule has none; begin with '$', got " + source);
        }
        if (!ofElement && !source.startsWith("$")) {
            throw new IllegalArgumentException("must be '$' and a JSON pointer like $/data/s, got " + source);
        }
        if (List.of(source.split("/", -1)).contains("*")) {
            throw new IllegalArgumentException("'*' in a pointer is allowed in each only, got " + source);
        }
        final PointerTrie.Builder pointers = bindings.pointers(ofElement);
        return new Expression(source, ofElement, source.equals(NAME) ? pointers.nameSlot()
            : pointers.slot(source.substring(1)), filters);
    }

    /** The place as the file writes it, without filters. */
    public String source() {
        return source;
    }

    /** True if the value is changed after it is read. */
    public boolean hasFilters() {
        return filters.length > 0;
    }

    /** True if the expression reads the element. */
    public boolean isOfElement() {
        return ofElement;
    }

    /** Where the value is found before filters, at {@link #slot}; for those who look at it more than once. */
    public JsonValues values(final EvaluationScope scope) {
        return scope.values(ofElement);
    }

    /** The slot of the value. */
    public int slot() {
        return slot;
    }

    /** The type of the value before filters, see {@link JsonType}. */
    public int type(final EvaluationScope scope) {
        return scope.values(ofElement).type(slot);
    }

    /** Position of the value before filters. */
    public int offset(final EvaluationScope scope) {
        return scope.values(ofElement).offset(slot);
    }

    /** Length of the value before filters, in bytes. */
    public int length(final EvaluationScope scope) {
        return scope.values(ofElement).length(slot);
    }

    /** Reads the value as it stands in the message, a string with its quotes; false without a value or with null. */
    public boolean readJson(final EvaluationScope scope, final ByteSlice json) {
        json.readJson(scope.values(ofElement), slot);
        return json.isPresent();
    }

    /** Reads the value's characters into {@code text}; false if there are none. */
    public boolean read(final EvaluationScope scope, final ByteSlice text) {
        final JsonValues values = scope.values(ofElement);
        text.read(values, slot);
        for (final Filter filter : filters) {
            filter.apply(text);
        }
        return text.isPresent();
    }
}
