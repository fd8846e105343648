package penstock.venue.emit;

import java.util.List;
import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.EvaluationScope;

/**
 * Writes the value that is published: the chosen fields of a message as a JSON object, each left out if the message
 * does not have it. Owned by the feed thread.
 */
public final class EmitRule {
    private final EmitField[] fields;
    /** By field. */
    private final FieldName[] names;
    /** By field: where its value lies in the buffer; length 0 = absent. */
    private final int[] offsets;
    private final int[] lengths;
    /** Whether there are computed fields: for them it is noted where the others are. */
    private final boolean isComputing;
    private final boolean keepsNull;
    private final ByteSlice text = new ByteSlice();
    private final ExactDecimal decimal = new ExactDecimal();

    /** What a message has. */
    public enum Outcome {
        /** A required field, or any field of a change. */
        VALUE,
        /** The message is a change, and changes none of the fields. */
        NO_CHANGE,
        /** None of the required fields. */
        NO_VALUE
    }

    /** {@code keepsNull}: a null of the venue is copied, as channels of class merge need it. */
    EmitRule(final List<EmitField> fields, final boolean keepsNull) {
        this.fields = fields.toArray(EmitField[]::new);
        this.keepsNull = keepsNull;
        names = fields.stream().map(field -> new FieldName(field.name())).toArray(FieldName[]::new);
        isComputing = fields.stream().anyMatch(field -> field.computed() != null);
        offsets = new int[names.length];
        lengths = new int[names.length];
    }

    /** The fields in the order in which they are published. */
    public List<EmitField> fields() {
        return List.of(fields);
    }

    /** Writes the object; a change has some of the fields only, and of a topic that ends none is needed. */
    public Outcome write(final EvaluationScope scope, final UpdateKind kind, final EmitBuffer out) {
        boolean hasRequired = false;
        boolean hasAny = false;
        out.clear();
        // a local variable: as a field of the buffer it would be written and read again for each piece
        int at = 0;
        for (int i = 0; i < fields.length; i++) {
            final EmitField field = fields[i];
            final int begin = EmitBuffer.put(out.room(at, names[i].json.length), at, names[i]);
            int end = field.putNumber(scope, begin, out);
            if (end < 0) {
                out.end(begin);
                end = append(field, scope, out) ? out.length() : -1;
            }
            if (isComputing) {
                offsets[i] = begin;
                lengths[i] = Math.max(0, end - begin);
            }
            if (end >= 0) {
                at = end;
                hasAny |= field.isFromMessage();
                hasRequired |= field.isRequired();
            }
        }
        out.close(at);
        return switch (kind) {
            case REMOVE -> Outcome.VALUE;
            case DELTA -> hasAny ? Outcome.VALUE : Outcome.NO_CHANGE;
            default -> hasRequired ? Outcome.VALUE : Outcome.NO_VALUE;
        };
    }

    private boolean append(final EmitField field, final EvaluationScope scope, final EmitBuffer out) {
        if (field.constant() != null) {
            out.put(field.constant(), 0, field.constant().length);
            return true;
        }
        return field.isFromMessage() ? field.append(scope, keepsNull, text, out) : compute(field.computed(), out);
    }

    private boolean compute(final EmitField.Computed computed, final EmitBuffer out) {
        final int bid = computed.bid();
        final int ask = computed.ask();
        // a field of class merge may be null
        if (lengths[bid] == 0 || lengths[ask] == 0 || out.bytes()[offsets[bid]] == 'n'
                || out.bytes()[offsets[ask]] == 'n') {
            return false;
        }
        if (!decimal.compute(computed.isMiddle(), out.bytes(), offsets[bid], lengths[bid], offsets[ask],
                lengths[ask])) {
            out.onBadValue();
            return false;
        }
        decimal.appendTo(out);
        return true;
    }
}
