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
    /** Room for all names, with a short number each. */
    private final int shortBytes;
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
        shortBytes = fields.stream().mapToInt(field -> field.json().length + FieldName.SHORT).sum();
        isComputing = fields.stream().anyMatch(field -> field.computed() != null);
        offsets = new int[this.fields.length];
        lengths = new int[this.fields.length];
    }

    /** The fields in the order in which they are published. */
    public List<EmitField> fields() {
        return List.of(fields);
    }

    /** Writes the object; a change has some of the fields only, and of a topic that ends none is needed. */
    public Outcome write(final EvaluationScope scope, final UpdateKind kind, final EmitBuffer out) {
        out.clear();
        // local variables: as fields of the buffer they would be written and read again for each piece
        byte[] room = out.room(0, shortBytes);
        int at = 0;
        int marks = 0;
        for (int i = 0; i < fields.length; i++) {
            final EmitField field = fields[i];
            final int begin = EmitBuffer.put(room, at, field.json());
            int end = field.putNumber(scope, begin, room);
            if (end < 0) {
                out.end(begin);
                end = append(field, scope, out) ? out.length() : -1;
                room = out.room(out.length(), shortBytes);
            }
            if (isComputing) {
                offsets[i] = begin;
                lengths[i] = Math.max(0, end - begin);
            }
            if (end >= 0) {
                at = end;
                marks |= field.marks();
            }
        }
        out.close(at);
        return (marks & EmitField.REQUIRED) == 0 ? outcome(kind, marks) : Outcome.VALUE;
    }

    /** Of a message without a required field. */
    private static Outcome outcome(final UpdateKind kind, final int marks) {
        return switch (kind) {
            case REMOVE -> Outcome.VALUE;
            case DELTA -> marks == 0 ? Outcome.NO_CHANGE : Outcome.VALUE;
            default -> Outcome.NO_VALUE;
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
