package penstock.venue.rule;

import java.util.List;
import penstock.json.JsonType;
import penstock.json.JsonValues;

/**
 * Where a value is found: {@code $} (the message) or {@code @} (the element of it that is looked at), a JSON pointer,
 * then filters, each behind a bar: {@code $/ch | split('.', 1) | upper}. An array index may be negative and counts from
 * the end. Reading makes no garbage unless characters beyond ASCII are filtered. Immutable but for reused matchers;
 * read on the feed thread.
 */
public final class Expression {
    private final boolean ofElement;
    private final int slot;
    private final Filter[] filters;

    private Expression(final boolean ofElement, final int slot, final Filter... filters) {
        this.ofElement = ofElement;
        this.slot = slot;
        this.filters = filters;
    }

    /**
     * Compiles an expression; its pointer is added to those that the scanner looks for.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    public static Expression compile(final String source, final PointerBindings bindings) {
        final List<String> stages = FilterParser.stages(source);
        final Filter[] filters = stages.stream().skip(1).map(call -> FilterParser.compile(call, bindings.maps()))
            .toArray(Filter[]::new);
        return pointer(stages.get(0), bindings, filters);
    }

    /** An expression that must be a pointer alone, because it names bytes to cut out. */
    public static Expression compilePointer(final String source, final PointerBindings bindings) {
        if (FilterParser.stages(source).size() > 1) {
            throw new IllegalArgumentException(
                "must be a pointer without filters: the bytes go out as they came in, got " + source);
        }
        return pointer(source.trim(), bindings);
    }

    private static Expression pointer(final String source, final PointerBindings bindings, final Filter... filters) {
        final boolean ofElement = source.startsWith("@");
        if (ofElement && !bindings.hasElement()) {
            throw new IllegalArgumentException(
                "'@' is an element of each, and there is none here; begin with '$', got " + source);
        }
        if (!ofElement && !source.startsWith("$")) {
            throw new IllegalArgumentException("must be '$' and a JSON pointer like $/data/s, got " + source);
        }
        if (List.of(source.split("/", -1)).contains("*")) {
            throw new IllegalArgumentException("'*' in a pointer is for each only, got " + source);
        }
        return new Expression(ofElement, bindings.pointers(ofElement).slot(source.substring(1)), filters);
    }

    /** Whether it reads from the element. */
    public boolean isOfElement() {
        return ofElement;
    }

    /** The type of the value before any filter, see {@link JsonType}. */
    public int type(final EvaluationScope scope) {
        return scope.values(ofElement).type(slot);
    }

    /** Where the value begins before any filter. */
    public int offset(final EvaluationScope scope) {
        return scope.values(ofElement).offset(slot);
    }

    /** Bytes of the value before any filter. */
    public int length(final EvaluationScope scope) {
        return scope.values(ofElement).length(slot);
    }

    /** Puts the value's characters into {@code text}; false when there are none. */
    public boolean read(final EvaluationScope scope, final ByteSlice text) {
        final JsonValues values = scope.values(ofElement);
        text.read(values, slot);
        for (final Filter filter : filters) {
            filter.apply(text);
        }
        return text.isPresent();
    }
}
