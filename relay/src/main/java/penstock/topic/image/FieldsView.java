package penstock.topic.image;

import java.util.Arrays;
import penstock.wire.MessageBuffer;

/**
 * Some fields of a value, or those that changed, or both, told by the versions of its fields. A value without fields is
 * shown whole. Owned by the shard.
 */
final class FieldsView implements ValueView {
    private static final long WHOLE = 0;

    private final VersionedObject image;
    private final FieldSelection wanted;
    private final boolean isDelta;
    /** The slots of the selected fields at the last look-up. */
    private final int[] slots;
    private final EncodedJson value = new EncodedJson();
    private final EncodedJson changes = new EncodedJson();
    /** What was found last, and for which sequences: who comes right behind asks for the same. */
    private boolean isTouched;
    private long touchedQ = -1;
    private long touchedSinceQ = -1;

    FieldsView(final VersionedObject image, final View view) {
        this.image = image;
        wanted = new FieldSelection(view.fields());
        isDelta = view.delta();
        slots = new int[wanted.count()];
        Arrays.fill(slots, FieldTable.NONE);
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return image.fields() == null || sentQ >= image.fieldsKnownQ();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        final FieldTable fields = image.fields();
        if (fields == null || wanted.isAll()) {
            return fields == null ? image.q() > sentQ : fields.isChanged(sentQ);
        }
        if (touchedQ != image.q() || touchedSinceQ != sentQ) {
            touchedQ = image.q();
            touchedSinceQ = sentQ;
            isTouched = fields.newestChange() > sentQ && isAnyChanged(fields, sentQ);
        }
        return isTouched;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        final FieldTable fields = image.fields();
        if (fields == null || wanted.isAll()) {
            image.appendValue(out);
            return;
        }
        if (!value.is(image.q(), WHOLE)) {
            final MessageBuffer text = value.begin(image.q(), WHOLE);
            char before = '{';
            for (int i = 0; i < slots.length; i++) {
                final int slot = slot(fields, i);
                if (slot != FieldTable.NONE && fields.isLive(slot)) {
                    fields.append(text.put(before), slot);
                    before = ',';
                }
            }
            FieldTable.end(text, before);
        }
        value.appendTo(out);
    }

    @Override
    public void appendUpdate(final MessageBuffer out, final long sinceQ) {
        final FieldTable fields = image.fields();
        if (fields == null || !isDelta) {
            appendValue(out);
            return;
        }
        if (!changes.is(image.q(), sinceQ)) {
            final MessageBuffer text = changes.begin(image.q(), sinceQ);
            if (wanted.isAll()) {
                fields.appendChanges(text, sinceQ);
            } else {
                appendWantedChanges(text, fields, sinceQ);
            }
        }
        changes.appendTo(out);
    }

    private void appendWantedChanges(final MessageBuffer text, final FieldTable fields, final long sinceQ) {
        char before = '{';
        for (int i = 0; i < slots.length; i++) {
            final int slot = slot(fields, i);
            if (slot != FieldTable.NONE && fields.isChanged(slot, sinceQ)) {
                fields.append(text.put(before), slot);
                before = ',';
            }
        }
        FieldTable.end(text, before);
    }

    private boolean isAnyChanged(final FieldTable fields, final long sentQ) {
        for (int i = 0; i < slots.length; i++) {
            final int slot = slot(fields, i);
            if (slot != FieldTable.NONE && fields.isChanged(slot, sentQ)) {
                return true;
            }
        }
        return false;
    }

    private int slot(final FieldTable fields, final int i) {
        slots[i] = fields.slotOf(wanted.name(i), wanted.hash(i), slots[i]);
        return slots[i];
    }
}
