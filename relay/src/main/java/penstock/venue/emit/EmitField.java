package penstock.venue.emit;

import java.util.List;
import penstock.json.JsonType;
import penstock.json.JsonValues;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;

/**
 * A field of the published object: a place in the message, a constant, or a number computed from two other fields.
 * Owned by the feed thread.
 */
public final class EmitField {
    /** Bits of {@link #marks}. */
    static final int FROM_MESSAGE = 1;
    static final int REQUIRED = 2;

    private final String name;
    private final FieldName json;
    private final FieldType type;
    private final Expression[] places;
    /** The place of a number that has only one, without filters; null for any other field. */
    private final Expression plainNumber;
    private final byte[] constant;
    private final Computed computed;
    private final int marks;

    /** The middle or the difference of two fields, by their positions in the rule. */
    record Computed(boolean isMiddle, int bid, int ask) {
    }

    private EmitField(final String name, final FieldType type, final Expression[] places, final byte[] constant,
            final Computed computed, final boolean isRequired) {
        this.name = name;
        json = new FieldName(name);
        this.type = type;
        this.places = places;
        marks = (places.length > 0 ? FROM_MESSAGE : 0) | (isRequired ? REQUIRED : 0);
        plainNumber = type == FieldType.NUMBER && places.length == 1 && !places[0].hasFilters() ? places[0] : null;
        this.constant = constant;
        this.computed = computed;
    }

    /** The first of these places that has a value. */
    static EmitField at(final String name, final FieldType type, final List<Expression> places,
            final boolean isRequired) {
        return new EmitField(name, type, places.toArray(Expression[]::new), null, null, isRequired);
    }

    /** Always the same JSON value. */
    static EmitField constant(final String name, final byte[] json) {
        return new EmitField(name, FieldType.ANY, new Expression[0], json, null, false);
    }

    static EmitField computed(final String name, final Computed computed) {
        return new EmitField(name, FieldType.NUMBER, new Expression[0], null, computed, false);
    }

    /** Name of the field. */
    public String name() {
        return name;
    }

    /** Places of the value; none of a constant and of a computed field. */
    public Expression[] places() {
        return places.clone();
    }

    /** True if a message without any field like this has no value. */
    public boolean isRequired() {
        return (marks & REQUIRED) != 0;
    }

    boolean isFromMessage() {
        return (marks & FROM_MESSAGE) != 0;
    }

    /** What it says about a message that it is in one of these: {@link #FROM_MESSAGE}, {@link #REQUIRED}. */
    int marks() {
        return marks;
    }

    /** The name as it is written. */
    FieldName json() {
        return json;
    }

    /** Null if the field is not computed. */
    Computed computed() {
        return computed;
    }

    byte[] constant() {
        return constant;
    }

    /**
     * Writes the number of a field that is one, in one place and without filters, as prices and sizes are: the short
     * way, without a look at what else a field may be. Returns where it ends; -1 if {@link #append} has to try.
     */
    int putNumber(final EvaluationScope scope, final int at, final byte[] room) {
        if (plainNumber == null) {
            return -1;
        }
        final JsonValues values = plainNumber.values(scope);
        final int slot = plainNumber.slot();
        final int found = values.type(slot);
        // an escape is no digit
        if (found == JsonType.STRING) {
            return EmitBuffer.putNumber(room, at, values.buffer(), values.offset(slot) + 1, values.length(slot) - 2,
                false);
        }
        return found != JsonType.NUMBER ? -1
            : EmitBuffer.putNumber(room, at, values.buffer(), values.offset(slot), values.length(slot), true);
    }

    /**
     * Appends the value; false if there is none. {@code keepsNull}: a null says that the value is gone, and is copied.
     */
    boolean append(final EvaluationScope scope, final boolean keepsNull, final ByteSlice text, final EmitBuffer out) {
        for (final Expression place : places) {
            if (append(place, scope, text, out)) {
                return true;
            }
        }
        if (keepsNull && isNull(scope)) {
            out.putNull();
            return true;
        }
        return false;
    }

    private boolean append(final Expression place, final EvaluationScope scope, final ByteSlice text,
            final EmitBuffer out) {
        if (!place.hasFilters()) {
            final int json = place.type(scope);
            if (json == JsonType.ABSENT || json == JsonType.NULL) {
                return false;
            }
            if (type.copies(json)) {
                out.put(scope.buffer(), place.offset(scope), place.length(scope));
                return true;
            }
        }
        if (!place.read(scope, text)) {
            if (place.type(scope) == JsonType.ARRAY || place.type(scope) == JsonType.OBJECT) {
                out.onBadValue();
            }
            return false;
        }
        // venues send "" for what they do not have
        if (text.length() == 0) {
            return false;
        }
        if (!type.append(text, out)) {
            out.onBadValue();
            return false;
        }
        return true;
    }

    private boolean isNull(final EvaluationScope scope) {
        for (final Expression place : places) {
            if (place.type(scope) == JsonType.NULL) {
                return true;
            }
        }
        return false;
    }
}
