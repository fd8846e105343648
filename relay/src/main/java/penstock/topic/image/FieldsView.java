package penstock.topic.image;

import java.util.Arrays;
import penstock.wire.MessageBuffer;

/**
 * The selected fields of a value, or the changed ones among them, by the versions of the fields. A value that is no
 * object is shown whole. Owned by the shard's io thread.
 */
final class FieldsView implements ValueView {
    private static final long WHOLE = 0;

    private final VersionedObject image;
    private final FieldSelection selection;
    private final boolean isDelta;
    /** The slots of the selected fields at the last look-up. */
    private final int[] slots;
    private final EncodedJson value = new EncodedJson();
    private final EncodedJson changes = new EncodedJson();
    /** The last answer of {@link #isChangedSince}: the next subscription in step asks for the same. */
    private boolean isChanged;
    private long isChangedQ = -1;
    private long isChangedSinceQ = -1;

    FieldsView(final VersionedObject image, final View view) {
        this.image = image;
        selection = new FieldSelection(view.fields());
        isDelta = view.delta();
        slots = new int[selection.count()];
        Arrays.fill(slots, FieldTable.NONE);
    }

    @Override
    public boolean knowsChangesSince(final long sentQ) {
        return image.fields() == null || sentQ >= image.fieldsKnownQ();
    }

    @Override
    public boolean isChangedSince(final long sentQ) {
        final FieldTable fields = image.fields();
        if (fields == null || selection.isAll()) {
            return fields == null ? image.q() > sentQ : fields.isChanged(sentQ);
        }
        if (isChangedQ != image.q() || isChangedSinceQ != sentQ) {
            isChangedQ = image.q();
            isChangedSinceQ = sentQ;
            isChanged = fields.newestChange() > sentQ && isAnyChanged(fields, sentQ);
        }
        return isChanged;
    }

    @Override
    public void appendValue(final MessageBuffer out) {
        final FieldTable fields = image.fields();
        if (fields == null || selection.isAll()) {
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
            if (selection.isAll()) {
                fields.appendChanges(text, sinceQ);
            } else {
                appendSelectedChanges(text, fields, sinceQ);
            }
        }
        changes.appendTo(out);
    }

    private void appendSelectedChanges(final MessageBuffer text, final FieldTable fields, final long sinceQ) {
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
        slots[i] = fields.slotOf(selection.name(i), selection.hash(i), slots[i]);
        return slots[i];
    }
}
